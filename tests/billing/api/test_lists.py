"""Plans, subscriptions and uses: what filters leave, and pages in each order."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.services import organizations
from billing.models import Subscription, SubscriptionStatus, UsageRecord
from billing.services import subscriptions, usage
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

USAGE = "/api/billing/usage"


@pytest.fixture
def stranger() -> Customer:
    return samples.customer("Borealis", tier="premium")


def bought(of: Customer) -> str:
    return f"/api/users/{of.owner.pk}/subscriptions"


def second_of(of: Customer) -> str:
    """The slug of another organisation of the same owner, on the free plan."""
    return organizations.create(name="Second", owner=of.owner, by=SYSTEM).slug


def tiers_of(of: Customer, **query: Any) -> list[str]:
    return [row["tier"]["tier_name"] for row in api.rows(api.owner(of), bought(of), **query)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"tier_name": "basic"}, ["basic"]),
        ({"tier_name": "nobodys"}, []),
        ({"feature": "priority_support"}, ["enterprise", "custom"]),
        ({"priority_support": "true", "whitelabel_available": "false"}, ["enterprise"]),
        ({"ordering": "-monthly_price"}, ["custom", "enterprise", "premium", "basic", "free"]),
        ({"ordering": "-rank"}, ["custom", "enterprise", "premium", "basic", "free"]),
        ({"ordering": "monthly_price"}, ["free", "basic", "premium", "enterprise", "custom"]),
    ],
)
def test_plans_by_what_they_have_and_cost(query: dict[str, str], names: list[str]) -> None:
    assert [tier["tier_name"] for tier in api.walked(api.anonymous(), api.TIERS, **query)] == names


def test_subscriptions_by_what_they_are(acme: Customer, stranger: Customer) -> None:
    second = second_of(acme)
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.EXPIRED)
        subscriptions.begin(organization=acme.organization, tier_name="premium", by=SYSTEM)
        Subscription.objects.filter(tier__tier_name="premium").update(
            billing_cycle="yearly", started_at=timezone.now() - timedelta(days=9)
        )

    assert tiers_of(acme, organization=second) == ["free"]
    assert tiers_of(acme, organization=stranger.organization.slug) == []
    assert tiers_of(acme, tier="premium") == tiers_of(acme, billing_cycle="yearly") == ["premium"]
    assert tiers_of(acme, subscription_status="expired") == ["basic"]
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert tiers_of(acme, started_at_before=yesterday) == ["premium"]
    assert tiers_of(acme, started_at_after=yesterday, subscription_status="active") == ["free"]


@pytest.mark.parametrize("order", ["started_at", "-started_at", "expires_at", "-expires_at"])
def test_pages_hold_every_subscription_in_each_order(acme: Customer, stranger: Customer, order: str) -> None:
    now = timezone.now()
    for _ in range(4):
        second_of(acme)
    with tenancy.staff():
        Subscription.objects.update(started_at=now)
        for row in Subscription.objects.filter(tier__tier_name="free")[:2]:
            Subscription.objects.filter(pk=row.pk).update(expires_at=now)

    found = api.walked(api.owner(acme), bought(acme), ordering=order)

    assert len({row["organization"] for row in found}) == 5
    assert len(found) == len(api.rows(api.owner(acme), bought(acme)))


@pytest.mark.parametrize("order", ["id", "-id", "billing_period", "-billing_period"])
def test_pages_hold_every_use_in_each_order(acme: Customer, stranger: Customer, order: str) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)  # a partition of which there always is one
    for of in (acme, stranger):
        with of.scope():
            UsageRecord.objects.create(
                organization_id=of.organization.pk, usage_type="analysis", billing_period=tomorrow
            )
            for _ in range(4):
                usage.record(organization=of.organization, usage_type="analysis")

    found = api.walked(api.owner(acme), USAGE, ordering=order)

    name, is_descending = order.removeprefix("-"), order.startswith("-")
    assert len({row["id"] for row in found}) == len(found) == 5
    assert [row[name] for row in found] == sorted((row[name] for row in found), reverse=is_descending)


@pytest.mark.parametrize(
    ("list_", "query"),
    [
        (api.TIERS, "feature=free_beer"),
        (api.TIERS, "priority_support=perhaps"),
        (api.TIERS, "ordering=tier_name"),
        ("", "subscription_status=lost"),
        ("", "billing_cycle=weekly"),
        ("", "started_at_after=yesterday"),
        ("", "tier=%00"),
        (USAGE, "ordering=cost_cents"),
    ],
)
def test_a_word_that_no_row_can_have_is_refused(acme: Customer, list_: str, query: str) -> None:
    found = api.error(api.owner(acme).get(f"{list_ or bought(acme)}?{query}"), 422)

    assert found["code"] in ("VALIDATION_ERROR", "ORDERING_UNKNOWN")
    assert found["details"]["field"] == query.partition("=")[0]
