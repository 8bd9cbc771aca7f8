"""Tiers and subscriptions in the admin: saved by the services, each change with its version."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import Subscription, Tier, TierVersion
from musenest.common import tenancy
from tests import admin_rows


@pytest.fixture
def staff(db: None) -> Client:
    return admin_rows.signed_in(admin_rows.staff_person())


def basic() -> Tier:
    with tenancy.staff():
        return Tier.objects.get(tier_name="basic")


def values_of(tier: Tier) -> dict[str, Any]:
    figures = {name: "" if value is None else value for name, value in tier.figures().items()}
    figures |= {"features": json.dumps(tier.features), "ai_limits": json.dumps(tier.ai_limits)}
    return {name: value for name, value in figures.items() if value is not False}


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


def test_a_figure_that_is_no_limit_is_told_at_the_form(staff: Client) -> None:
    tier = basic()

    answer = staff.post(
        reverse("admin:billing_tier_change", args=[tier.pk]), values_of(tier) | {"max_sites": -2}
    )

    assert answer.status_code == 200
    assert "greater than or equal to -1" in answer.text
    assert basic().version == tier.version


def test_changing_the_tier_of_a_subscription_asks_the_service(staff: Client) -> None:
    admin_rows.world("First")
    with tenancy.staff():
        subscription = Subscription.objects.get()
    address = reverse("admin:billing_subscription_change_tier", args=[subscription.pk])

    staff.post(address, {"_form_submitted": "True", "tier": "premium"})

    with tenancy.staff():
        assert Subscription.objects.select_related("tier").get().tier.tier_name == "premium"
