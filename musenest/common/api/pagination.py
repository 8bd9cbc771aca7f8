"""Pages by cursor: `?cursor=`, `?page_size=` up to 200, `{results, next, previous}`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response


class CursorPagination(pagination.CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """The view's `ordering_fields` decide what `?ordering=` may say; its `ordering` is the default.

        A cursor needs a total order, so the key always comes last.
        """
        allowed = getattr(view, "ordering_fields", ())
        asked = [
            name
            for name in request.query_params.get("ordering", "").split(",")
            if name.removeprefix("-") in allowed
        ]
        ordering = asked or list(getattr(view, "ordering", (self.ordering,)))
        names = {name.lstrip("-") for name in ordering}
        return tuple(ordering if "id" in names else [*ordering, "id"])

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """A cursor is the client's to change: one that does not fit the column is refused."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError) as error:
            raise NotFound("Invalid cursor") from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }
