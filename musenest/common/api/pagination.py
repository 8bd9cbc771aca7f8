"""Pages by cursor: `?cursor=`, `?page_size=` up to 200, `?ordering=` by what the view allows;
`{results, next, previous}`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from musenest.common.api import places
from musenest.common.errors import InvalidError


class CursorPagination(pagination.CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """The view's `ordering_fields` decide what `?ordering=` may say; its `ordering` is the default.

        A cursor needs a total order, so the key always comes last, in the direction of what is before it.
        Raises InvalidError for any other name.
        """
        said = request.query_params.get("ordering", "")
        asked = said.split(",") if said else list(view.ordering)
        if said:
            refuse_unknown(asked, view.ordering_fields)
        key = "-id" if asked[-1].startswith("-") else "id"
        order: dict[str, str] = {}
        for name in [*asked, key]:
            order.setdefault(name.removeprefix("-"), name)  # named again it orders nothing
        return tuple(order.values())

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """A cursor is the client's to change: one that does not fit the columns is refused."""
        self.address = request.build_absolute_uri()
        self.ordering = self.get_ordering(request, queryset, view)
        size: int = self.get_page_size(request) or self.page_size
        cursor = request.query_params.get("cursor")
        try:
            place = places.of_cursor(cursor, self.ordering) if cursor else places.Place(())
            found = self.rows_from(place, queryset)[: size + 1]
            rows = list(found)
        except (ValueError, ArithmeticError, ValidationError, DataError) as error:
            raise NotFound("Invalid cursor") from error
        self.shown, has_more = rows[:size], len(rows) > size
        self.has_next, self.has_previous = has_more, bool(place.values)
        if place.is_back:
            self.shown.reverse()
            self.has_next, self.has_previous = self.has_previous, self.has_next
        return self.shown

    def rows_from(self, place: places.Place, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """In the order of the list or, going back, against it."""
        ordering = places.reverse(self.ordering) if place.is_back else self.ordering
        found = queryset.order_by(*ordering)
        if not place.values:
            return found
        return found.filter(places.beyond(queryset.model, ordering, place.values))

    def get_next_link(self) -> str | None:
        return self.link(self.shown[-1:], is_back=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        return self.link(self.shown[:1], is_back=True) if self.has_previous else None

    def link(self, edge: list[Any], *, is_back: bool) -> str:
        """From the page's edge on; from an empty page to that end of the list."""
        place = places.of_row(edge[0], self.ordering, is_back=is_back) if edge else places.Place((), is_back)
        return replace_query_param(self.address, "cursor", place.cursor())

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [f"{sign}{name}" for name in view.ordering_fields for sign in ("", "-")]
        ordering = {
            "name": "ordering",
            "in": "query",
            "required": False,
            "description": f"`-` is descending; `{','.join(view.ordering)}` where it is left out",
            "schema": {"type": "array", "items": {"type": "string", "enum": names}},
            "explode": False,
            "style": "form",
        }
        return [*super().get_schema_operation_parameters(view), *([ordering] if names else [])]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }


def refuse_unknown(asked: list[str], allowed: tuple[str, ...]) -> None:
    """Raise InvalidError naming the first name that this list does not go by: it must not be ignored in
    silence.
    """
    unknown = next((name for name in asked if name.removeprefix("-") not in allowed), None)
    if unknown is None:
        return
    reason = f"This list goes by {', '.join(allowed)}." if allowed else "This list has one order."
    error = {"path": "ordering", "code": "ORDERING_UNKNOWN", "message": reason}
    raise InvalidError(
        f"ordering: {reason}",
        code="ORDERING_UNKNOWN",
        details={"errors": [error], "field": "ordering", "reason": reason},
    )
