from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from musenest.common.admin.unfolded import TextFilter


class OrganizationFilter(TextFilter):
    """Rows of the organisations whose name, slug or id fits, for models that carry only `organization_id`."""

    title = "organisation"
    parameter_name = "organization"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if not wanted:
            return queryset
        fits = Q(name__icontains=wanted) | Q(slug=wanted.lower())
        if is_uuid(wanted):
            fits |= Q(pk=wanted)
        found = apps.get_model("accounts", "Organization").objects.filter(fits)
        return queryset.filter(organization_id__in=found.values("pk"))


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
