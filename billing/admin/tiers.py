from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter

from billing.domain.limits import UNLIMITED
from billing.models import Tier, TierVersion
from billing.services import tiers
from musenest.common.admin import RecordAdmin, ServiceAdmin, actor_of, as_json, pill


@admin.register(Tier)
class TierAdmin(ServiceAdmin[Tier]):
    """The live catalogue. Saving writes a version, and entitlements follow at once."""

    list_display = ("display_name", "tier_name", "price", "sites", "requests", "state", "version")
    list_filter = ("is_active",)
    search_fields = ("tier_name", "display_name")
    ordering = ("rank",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "tier_name",
                    "display_name",
                    "description",
                    "monthly_price",
                    "rank",
                    "is_active",
                    "version",
                )
            },
        ),
        ("Limits", {"fields": ("max_sites", "max_monthly_requests", "ai_limits")}),
        ("Features", {"fields": ("features", "priority_support", "whitelabel_available")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Tier | None = None) -> Any:
        return ("tier_name", "version") if obj else ("version",)

    @admin.display(description="Price a month", ordering="monthly_price")
    def price(self, tier: Tier) -> str:
        return "by agreement" if tier.monthly_price is None else f"${tier.monthly_price}"

    @admin.display(description="Sites", ordering="max_sites")
    def sites(self, tier: Tier) -> str:
        return limit(tier.max_sites)

    @admin.display(description="Requests a month", ordering="max_monthly_requests")
    def requests(self, tier: Tier) -> str:
        return limit(tier.max_monthly_requests)

    @admin.display(description="State", ordering="is_active")
    def state(self, tier: Tier) -> str:
        return pill("active" if tier.is_active else "inactive")

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Tier:
        figures = {name: value for name, value in form.cleaned_data.items() if name in Tier.FIGURES}
        name = form.cleaned_data["tier_name"] if is_new else row.tier_name
        return tiers.save(name=name, figures=figures, by=actor_of(request))


def limit(figure: int) -> str:
    return "unlimited" if figure == UNLIMITED else f"{figure:,}"


@admin.register(TierVersion)
class TierVersionAdmin(RecordAdmin[TierVersion]):
    list_display = ("tier", "number", "created_by", "created_at")
    list_select_related = ("tier",)
    list_filter = (("tier", RelatedDropdownFilter),)
    search_fields = ("tier__tier_name", "created_by")
    ordering = ("-created_at", "-number")
    fields = ("tier", "number", "said", "created_by", "created_at")

    @admin.display(description="Figures")
    def said(self, version: TierVersion) -> str:
        return as_json(version.figures)
