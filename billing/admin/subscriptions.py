from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminSelectWidget

from billing.models import Subscription
from billing.selectors import tiers
from billing.services import subscriptions
from musenest.common.admin import RecordAdmin, actor_of, as_json, asked_first, pill
from musenest.common.admin.unfolded import BaseDialogForm


def choices() -> list[tuple[str, str]]:
    return [(tier.tier_name, tier.display_name) for tier in tiers.live()]


class TierForm(BaseDialogForm):
    tier = forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget())


@admin.register(Subscription)
class SubscriptionAdmin(RecordAdmin[Subscription]):
    list_display = (
        "organization",
        "tier",
        "state",
        "billing_cycle",
        "amount_paid",
        "started_at",
        "expires_at",
    )
    list_select_related = ("organization", "tier")
    list_filter = (
        ("subscription_status", ChoicesDropdownFilter),
        ("tier", RelatedDropdownFilter),
        ("billing_cycle", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("started_at", RangeDateTimeFilter),
    )
    search_fields = ("organization__name", "organization__slug", "organization__email")
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
    actions_detail = ("change_tier",)
    fieldsets = (
        (
            None,
            {"fields": ("organization", "user", "tier", "sold", "state", "provider_status", "billing_cycle")},
        ),
        ("Money and time", {"fields": ("amount_paid", "started_at", "expires_at", "updated_at", "metadata")}),
    )

    @admin.display(description="State", ordering="subscription_status")
    def state(self, subscription: Subscription) -> str:
        return pill(subscription.subscription_status)

    @admin.display(description="Version of the tier")
    def sold(self, subscription: Subscription) -> str:
        return str(subscription.tier_version.number)

    @admin.display(description="Metadata")
    def metadata(self, subscription: Subscription) -> str:
        return as_json(subscription.billing_metadata)

    @asked_first(
        label="Change tier",
        icon="swap_vert",
        form_class=TierForm,
        question="The organisation is on the other tier at once, and nothing is charged.",
    )
    def change_tier(self, request: HttpRequest, subscription: Subscription, form: Any) -> str:
        changed = subscriptions.change_tier(
            organization=subscription.organization, tier_name=form.cleaned_data["tier"], by=actor_of(request)
        )
        return f"{changed}."
