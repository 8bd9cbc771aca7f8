from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateFilter

from billing.models import UsageCounter, UsageKey, UsageRecord
from musenest.common.admin import Endless, OrganizationFilter, OrganizationNamed, RecordAdmin, as_json, pill


@admin.register(UsageRecord)
class UsageRecordAdmin(Endless[UsageRecord], OrganizationNamed[UsageRecord]):
    list_display = (
        "organization",
        "usage_type",
        "request_count",
        "response_time_ms",
        "cost_cents",
        "mode",
        "billing_period",
        "created_at",
    )
    list_filter = (
        OrganizationFilter,
        ("mode", ChoicesDropdownFilter),
        ("billing_period", RangeDateFilter),
    )
    search_fields = ("=id", "=usage_type")
    fields = (
        "id",
        "organization",
        "user_id",
        "site_config_id",
        "usage_type",
        "request_count",
        "response_time_ms",
        "tokens_used",
        "cost_cents",
        "mode",
        "billing_period",
        "voids",
        "more",
        "created_at",
    )

    @admin.display(description="Metadata")
    def more(self, record: UsageRecord) -> str:
        return as_json(record.metadata)


@admin.register(UsageKey)
class UsageKeyAdmin(Endless[UsageKey], RecordAdmin[UsageKey]):
    list_display = ("key", "meter", "organization", "reservation", "quantity", "created_at")
    list_select_related = ("organization",)
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("billing_period", RangeDateFilter),
    )
    search_fields = ("=key",)
    ordering = ("-created_at",)
    fields = (
        "organization",
        "key",
        "meter",
        "reservation",
        "quantity",
        "usage_id",
        "billing_period",
        "created_at",
    )

    @admin.display(description="State", ordering="state")
    def reservation(self, key: UsageKey) -> str:
        return pill(key.state)


@admin.register(UsageCounter)
class UsageCounterAdmin(RecordAdmin[UsageCounter]):
    list_display = ("organization", "meter", "month", "used")
    list_select_related = ("organization",)
    list_filter = (("organization", AutocompleteSelectFilter), ("month", RangeDateFilter))
    search_fields = ("organization__name", "organization__slug")
    date_hierarchy = "month"
    ordering = ("-month", "-used")
    fields = ("organization", "meter", "month", "used")
