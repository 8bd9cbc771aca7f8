from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)

from accounts.services import work_items
from moderation.admin.decisions import of_visible_decision
from moderation.models import CaptionRequest
from musenest.common.admin import WORK_FIELDS, WorkItemAdmin


@admin.register(CaptionRequest)
class CaptionRequestAdmin(WorkItemAdmin[CaptionRequest]):
    """Captions that servers owe; those of escalated decisions are not there."""

    replayed_by = staticmethod(work_items.replay)
    cancelled_by = staticmethod(work_items.cancel)
    list_display = ("decision_id", "organization", "server", "work_state", "attempts", "error", "created_at")
    list_select_related = ("organization", "server")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("server", RelatedDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("=decision_id", "=batch_id", "=request_id")
    fieldsets = ((None, {"fields": ("decision_id", "organization", "server", "batch_id")}), WORK_FIELDS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaptionRequest]:
        return super().get_queryset(request).filter(of_visible_decision())
