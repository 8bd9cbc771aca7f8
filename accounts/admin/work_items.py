from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)

from accounts.models import Notification, WebhookDelivery, WebhookEndpoint
from accounts.services import work_items
from musenest.common.admin import WORK_FIELDS, RecordAdmin, WorkItemAdmin, as_lines

FILTERS = (
    ("state", ChoicesDropdownFilter),
    ("organization", AutocompleteSelectFilter),
    ("created_at", RangeDateTimeFilter),
)


@admin.register(Notification)
class NotificationAdmin(WorkItemAdmin[Notification]):
    """Without its content, which may tell of decisions that staff do not see."""

    replayed_by = staticmethod(work_items.replay)
    cancelled_by = staticmethod(work_items.cancel)
    list_display = (
        "template",
        "person",
        "organization",
        "channel",
        "work_state",
        "attempts",
        "error",
        "created_at",
    )
    list_select_related = ("person", "organization")
    list_filter = FILTERS
    search_fields = ("=template", "person__email", "=request_id")
    fieldsets = ((None, {"fields": ("template", "channel", "person", "organization")}), WORK_FIELDS)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(WorkItemAdmin[WebhookDelivery]):
    """Without its payload, which may tell of decisions that staff do not see."""

    replayed_by = staticmethod(work_items.replay)
    cancelled_by = staticmethod(work_items.cancel)
    list_display = (
        "event",
        "endpoint",
        "organization",
        "work_state",
        "response_status",
        "attempts",
        "error",
        "created_at",
    )
    list_select_related = ("endpoint", "organization")
    list_filter = FILTERS
    search_fields = ("=event", "endpoint__url", "=request_id")
    fieldsets = ((None, {"fields": ("event", "endpoint", "organization", "response_status")}), WORK_FIELDS)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(RecordAdmin[WebhookEndpoint]):
    """Without its secret."""

    list_display = ("url", "organization", "is_active", "created_at")
    list_select_related = ("organization",)
    list_filter = (("is_active", BooleanRadioFilter), ("organization", AutocompleteSelectFilter))
    search_fields = ("url", "organization__name", "organization__slug")
    ordering = ("-created_at",)
    fields = ("organization", "url", "wanted", "is_active", "created_at")

    def wanted(self, endpoint: WebhookEndpoint) -> str:
        return as_lines(endpoint.events)
