"""The organisation's name beside rows that carry only its id: partitioned ones, and those that outlive it."""

from typing import Any, TypeVar

from django.apps import apps
from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from musenest.common.admin.records import RecordAdmin

Row = TypeVar("Row", bound=Model)


def with_organization_name(rows: QuerySet[Any]) -> Any:
    named = apps.get_model("accounts", "Organization").objects.filter(pk=OuterRef("organization_id"))
    return rows.annotate(organization_name=Subquery(named.values("name")[:1]))


class OrganizationNamed(RecordAdmin[Row]):
    """Adds `organization` for lists and pages, in the same query."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        named: QuerySet[Row] = with_organization_name(super().get_queryset(request))
        return named

    @admin.display(description="Organisation")
    def organization(self, row: Any) -> str:
        return row.organization_name or (
            "the platform" if row.organization_id is None else str(row.organization_id)
        )
