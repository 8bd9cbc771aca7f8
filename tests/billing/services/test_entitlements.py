"""What a tier allows."""

import pytest

from billing.models import Subscription, SubscriptionStatus, Tier
from billing.services import entitlements
from musenest.common import entitlements as port
from musenest.common import tenancy
from musenest.common.errors import DeniedError
from tests import samples

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("tier", "feature", "upgrade"),
    [
        ("free", "webhooks", "basic"),
        ("basic", "analytics", "premium"),
        ("premium", "batch_operations", "enterprise"),
        ("enterprise", "whitelabel_available", "custom"),
        ("custom", "mind_reading", None),
    ],
)
def test_a_feature_that_is_missing_names_the_cheapest_tier_that_has_it(
    tier: str, feature: str, upgrade: str | None
) -> None:
    acme = samples.customer(tier=tier)
    with acme.scope(), pytest.raises(DeniedError) as caught:
        port.require(acme.organization, feature)
    assert caught.value.code == "FEATURE_NOT_IN_PLAN"
    assert caught.value.details["allowed"] is False
    assert caught.value.details["upgrade_required"] == upgrade


def test_a_feature_of_the_tier_is_allowed() -> None:
    acme = samples.customer(tier="premium")
    with acme.scope():
        port.require(acme.organization, "resilient_deployment")


def test_a_feature_that_was_added_counts_at_once() -> None:
    acme = samples.customer(tier="free")
    with tenancy.staff():
        Tier.objects.filter(tier_name="free").update(features=["api_keys", "webhooks"])
    with acme.scope():
        port.require(acme.organization, "webhooks")


@pytest.mark.parametrize("status", [SubscriptionStatus.PAUSED, SubscriptionStatus.SUSPENDED])
def test_a_subscription_that_does_not_serve_gives_nothing(status: str) -> None:
    acme = samples.customer(tier="enterprise")
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
        with pytest.raises(DeniedError) as caught:
            port.require(acme.organization, "api_keys")
        assert caught.value.code == "SUBSCRIPTION_INACTIVE"


@pytest.mark.parametrize(
    ("tier", "used", "upgrade"),
    [
        ("free", 1, "basic"),
        ("basic", 3, "premium"),
        ("premium", 25, "enterprise"),
        ("premium", 900, "enterprise"),
    ],
)
def test_the_site_limit_names_the_cheapest_tier_with_room(tier: str, used: int, upgrade: str) -> None:
    acme = samples.customer(tier=tier)
    with acme.scope(), pytest.raises(DeniedError) as caught:
        entitlements.require_room_for_a_site(acme.organization, lambda: used)
    limit = {"free": 1, "basic": 3, "premium": 25}[tier]
    assert caught.value.message == f"Maximum sites exceeded ({limit})"
    assert caught.value.details["upgrade_required"] == upgrade


@pytest.mark.parametrize("status", [SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED])
def test_without_a_subscription_there_is_no_room(status: str) -> None:
    acme = samples.customer(tier="enterprise")
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
        with pytest.raises(DeniedError) as caught:
            entitlements.require_room_for_a_site(acme.organization, lambda: 0)
        assert caught.value.code == "SUBSCRIPTION_MISSING"


@pytest.mark.parametrize(("tier", "used"), [("free", 0), ("premium", 24), ("enterprise", 10**6)])
def test_below_the_limit_there_is_room(tier: str, used: int) -> None:
    acme = samples.customer(tier=tier)
    with acme.scope():
        entitlements.require_room_for_a_site(acme.organization, lambda: used)
