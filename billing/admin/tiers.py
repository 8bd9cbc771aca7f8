from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from unfold.contrib.filters.admin import RelatedDropdownFilter

from billing.admin.tier_form import LIMIT_FIELDS, TierForm
from billing.domain.limits import UNLIMITED
from billing.domain.offers import AI_LIMITS, LIMITS, features_of
from billing.models import CURRENT, Tier, TierVersion
from billing.models.tiers import MONTHS_OF_A_YEARLY_PRICE
from billing.selectors import tier_versions
from billing.services import tiers
from musenest.common.admin import RecordAdmin, ServiceAdmin, actor_of, as_json, pill


@admin.register(Tier)
class TierAdmin(ServiceAdmin[Tier]):
    """The live catalogue. Saving writes a version, and entitlements follow at once."""

    form = TierForm
    list_display = (
        "display_name",
        "tier_name",
        "price",
        "sites",
        "requests",
        "subscribers",
        "state",
        "version",
    )
    list_filter = ("is_active",)
    search_fields = ("tier_name", "display_name")
    ordering = ("rank",)
    change_form_outer_after_template = "admin/billing/tier_versions.html"
    change_form_before_template = "admin/billing/tier_preview.html"
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
        ("Features", {"fields": ("features",)}),
        ("Limits", {"fields": ("max_sites", "max_monthly_requests", *LIMIT_FIELDS)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tier]:
        is_current = Q(subscriptions__subscription_status__in=CURRENT)
        return super().get_queryset(request).annotate(subscribers=Count("subscriptions", filter=is_current))

    def get_readonly_fields(self, request: HttpRequest, obj: Tier | None = None) -> Any:
        return ("tier_name", "version") if obj else ("version",)

    def get_urls(self) -> list[URLPattern]:
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="billing_tier_preview")
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The card on the pricing page as what is typed would make it; saves nothing."""
        form = self.get_form(request)(request.POST)
        shown = {"card": card(form.figures()) if is_whole(form) else None}
        return render(request, "admin/billing/_tier_card.html", shown)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        tier = self.get_object(request, object_id) if object_id else None
        context = {
            "card": card((tier or Tier()).figures()),
            "versions": tier_versions.of(tier) if tier else [],
        }
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | context)

    @admin.display(description="Subscribers", ordering="subscribers")
    def subscribers(self, tier: Any) -> str:
        return f"{tier.subscribers:,}"

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
        name = form.cleaned_data["tier_name"] if is_new else row.tier_name
        return tiers.save(name=name, figures=form.figures(), by=actor_of(request))


def is_whole(form: Any) -> bool:
    """Whether every figure of the card makes sense; a name may be missing, or be another tier's."""
    form.is_valid()
    return not form.errors.keys() - {"tier_name", "display_name", "__all__"}


def card(figures: Mapping[str, Any]) -> dict[str, Any]:
    """A tier's figures as the pricing page has them."""
    price = figures["monthly_price"]
    ai_limits = figures["ai_limits"]
    features = features_of(figures["features"])
    told = {**figures, **{name: ai_limits.get(name, limit.default) for name, limit in AI_LIMITS.items()}}
    return {
        "name": figures.get("display_name") or "A tier without a name",
        "price": "by agreement" if price is None else f"${price:,.2f} a month",
        "yearly": "" if not price else f"${price * MONTHS_OF_A_YEARLY_PRICE:,.2f} a year",
        "description": figures["description"],
        "limits": [(each.label, limit(told[each.name])) for each in LIMITS if each.is_built],
        "features": [feature.label for feature in features if feature.is_built],
        "coming": [feature.label for feature in features if not feature.is_built],
        "is_sold": figures["is_active"],
    }


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
