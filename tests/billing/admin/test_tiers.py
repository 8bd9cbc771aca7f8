"""Tiers and subscriptions in the admin: saved by the services, each change with its version."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import Subscription, Tier, TierVersion
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db


def basic() -> Tier:
    with tenancy.staff():
        return Tier.objects.get(tier_name="basic")


def values_of(tier: Tier) -> dict[str, Any]:
    """What the form of the tier sends as it stands."""
    figures: dict[str, Any] = {name: "" if value is None else value for name, value in tier.figures().items()}
    limits = {f"limit_{name}": value for name, value in figures.pop("ai_limits").items()}
    return {name: value for name, value in (figures | limits).items() if value is not False}


def test_saving_a_tier_writes_a_version_and_an_audit_row(staff: Client) -> None:
    tier = basic()

    answer = staff.post(
        reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {"max_sites": 4}
    )

    assert answer.status_code == 302
    assert (basic().max_sites, basic().version) == (4, tier.version + 1)
    with tenancy.staff():
        assert (
            TierVersion.objects.get(tier=tier, number=tier.version + 1).created_by == "staff@musenest.example"
        )


def test_the_name_of_a_tier_stays(staff: Client) -> None:
    tier = basic()

    staff.post(reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {"tier_name": "other"})

    assert basic().pk == tier.pk


def test_a_tier_that_somebody_has_is_not_taken_off_sale(staff: Client) -> None:
    tier = basic()
    samples.customer(tier="basic")
    unticked = {name: value for name, value in values_of(tier).items() if name != "is_active"}

    answer = staff.post(reverse("admin:billing_tier_change", args=[tier.pk]), unticked)

    assert answer.status_code == 200
    assert "1 organisation is subscribed to Basic" in answer.text
    assert basic().is_active


def test_a_figure_that_is_no_limit_is_told_at_the_form(staff: Client) -> None:
    tier = basic()

    answer = staff.post(
        reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {"max_sites": -2}
    )

    assert answer.status_code == 200
    assert "greater than or equal to -1" in answer.text
    assert basic().version == tier.version


def test_saving_what_stands_there_changes_nothing(staff: Client) -> None:
    tier = basic()

    answer = staff.post(reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier))

    assert answer.status_code == 302
    assert basic().version == tier.version


def test_features_are_ticked_and_limits_are_figures(staff: Client) -> None:
    tier = basic()
    changed = values_of(tier) | {
        "features": ["priority_support", "api_keys"],
        "limit_monthly_credits": 250,
        "limit_overage_by_credits": "on",
    }

    staff.post(reverse("admin:billing_tier_change", args=[tier.pk]), changed)

    saved = basic()
    assert (saved.features, saved.priority_support) == (["api_keys", "priority_support"], True)
    assert (saved.ai_limits["monthly_credits"], saved.ai_limits["overage_by_credits"]) == (250, True)
    page = staff.get(reverse("admin:billing_tier_change", args=[tier.pk])).text
    assert "monthly credits: <del>100</del> → <ins>250</ins>" in " ".join(page.split())


@pytest.mark.parametrize("limit", ["limit_pictures_per_second", "limit_monthly_credits"])
def test_a_limit_that_makes_no_sense_is_told_at_its_field(staff: Client, limit: str) -> None:
    tier = basic()

    answer = staff.post(reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {limit: -5})

    assert answer.status_code == 200
    assert "or more." in answer.text
    assert basic().version == tier.version


def test_a_feature_that_does_not_exist_is_refused(staff: Client) -> None:
    tier = basic()

    answer = staff.post(
        reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {"features": ["free_money"]}
    )

    assert answer.status_code == 200
    assert basic().features == tier.features


def test_the_preview_shows_what_is_typed_and_saves_nothing(staff: Client) -> None:
    tier = basic()
    address = reverse("admin:billing_tier_preview")

    typed = staff.post(address, values_of(tier) | {"monthly_price": "12.50", "display_name": "<b>Bold</b>"})
    wrong = staff.post(address, values_of(tier) | {"limit_monthly_credits": "many"})

    assert "$12.50 a month" in typed.text
    assert "$125.00 a year" in typed.text
    assert "&lt;b&gt;Bold" in typed.text
    assert "A figure does not make sense yet." in wrong.text
    assert basic().version == tier.version


def test_the_preview_and_the_editor_tell_what_is_not_there_yet(staff: Client) -> None:
    tier = basic()
    features = {"features": ["api_keys", "failover"]}
    card = staff.post(reverse("admin:billing_tier_preview"), values_of(tier) | features).text
    assert "Coming, not there yet: Failover." in card
    assert "Credits each month" not in card
    form = staff.get(reverse("admin:billing_tier_change", args=[tier.pk])).text
    assert "Coming: nothing does it yet." in form


def test_the_preview_is_for_staff() -> None:
    answer = Client().post(reverse("admin:billing_tier_preview"), {})

    assert answer.status_code == 302


def test_changing_the_tier_of_a_subscription_asks_the_service(staff: Client) -> None:
    samples.world("First")
    with tenancy.staff():
        subscription = Subscription.objects.get()
    address = reverse("admin:billing_subscription_change_tier", args=[subscription.pk])

    staff.post(address, {"_form_submitted": "True", "tier": "premium"})

    with tenancy.staff():
        assert Subscription.objects.select_related("tier").get().tier.tier_name == "premium"
