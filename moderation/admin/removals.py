from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.services import work_items
from moderation.models import SiteRemoval
from musenest.common.admin import WORK_FIELDS, WorkItemAdmin


@admin.register(SiteRemoval)
class SiteRemovalAdmin(WorkItemAdmin[SiteRemoval]):
    """Deleted sites whose profiles servers are to remove."""

    replayed_by = staticmethod(work_items.replay)
    cancelled_by = staticmethod(work_items.cancel)
    list_display = ("site", "organization", "work_state", "attempts", "error", "due_at", "created_at")
    list_select_related = ("organization", "site")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("site__site_identifier", "=request_id")
    fieldsets = ((None, {"fields": ("site", "organization")}), WORK_FIELDS)
