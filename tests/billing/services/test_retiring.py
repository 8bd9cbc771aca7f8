"""Tiers that are taken out of the catalogue, and features that columns repeat."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from billing.models import Subscription, SubscriptionStatus, Tier, TierVersion
from billing.services import subscriptions, tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, NotFoundError
from tests import samples

pytestmark = pytest.mark.django_db


def saved(**figures: Any) -> Tier:
    return tiers.save(name="small", figures={"display_name": "Small", **figures}, by=SYSTEM)


def test_a_tier_is_retired_with_a_version_and_an_audit_row() -> None:
    tier = saved()
    assert tiers.retire(name="small", by=SYSTEM).is_active is False
    with tenancy.staff():
        assert TierVersion.objects.get(tier=tier, number=2).figures["is_active"] is False
        event = AuditEvent.objects.get(action="tier.retired", target_id=str(tier.pk))
    assert event.changes == {"is_active": ["True", "False"]}


@pytest.mark.parametrize("name", ["small", "no-such-tier"])
def test_what_is_not_sold_cannot_be_retired(name: str) -> None:
    saved(is_active=False)
    with pytest.raises(NotFoundError):
        tiers.retire(name=name, by=SYSTEM)


@pytest.mark.parametrize("status", [SubscriptionStatus.ACTIVE, SubscriptionStatus.SUSPENDED])
def test_a_tier_somebody_is_subscribed_to_is_kept(status: str) -> None:
    acme = samples.customer(tier="basic")
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
    with pytest.raises(ConflictError, match="1 organisation is subscribed to Basic") as caught:
        tiers.retire(name="basic", by=SYSTEM)
    assert (caught.value.code, caught.value.details) == ("TIER_IN_USE", {"subscriber_count": 1})
    with pytest.raises(ConflictError, match="1 organisation is subscribed to Basic"):
        tiers.save(name="basic", figures={"is_active": False}, by=SYSTEM)
    subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)
    assert tiers.retire(name="basic", by=SYSTEM).is_active is False


def test_what_is_not_sold_any_more_is_changed_while_somebody_has_it() -> None:
    saved()
    acme = samples.customer(tier="small")
    with tenancy.staff():
        Tier.objects.filter(tier_name="small").update(is_active=False)
    assert saved(is_active=False, description="For those who have it.").description
    with acme.scope():
        assert Subscription.objects.get().tier.tier_name == "small"


def test_a_subscription_that_has_ended_keeps_no_tier() -> None:
    acme = samples.customer(tier="basic")
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.CANCELLED)
    assert tiers.retire(name="basic", by=SYSTEM).is_active is False


def test_the_tier_that_organisations_begin_on_stays() -> None:
    with pytest.raises(ConflictError) as caught:
        tiers.retire(name="free", by=SYSTEM)
    assert caught.value.code == "TIER_NEEDED"
    with pytest.raises(ValidationError):
        tiers.save(name="free", figures={"is_active": False}, by=SYSTEM)


def test_nobody_is_moved_to_a_retired_tier() -> None:
    saved()
    tiers.retire(name="small", by=SYSTEM)
    acme = samples.customer(tier="basic")
    with pytest.raises(NotFoundError):
        subscriptions.change_tier(organization=acme.organization, tier_name="small", by=SYSTEM)
    with acme.scope():
        assert Subscription.objects.get().tier.tier_name == "basic"


def test_saving_it_again_brings_it_back() -> None:
    saved()
    tiers.retire(name="small", by=SYSTEM)
    assert saved(is_active=True).version == 3


def test_an_organisation_without_a_subscription_cannot_change_it() -> None:
    acme = samples.customer(tier="basic")
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.CANCELLED)
    with pytest.raises(ConflictError):
        subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"features": ["mind_reading"]},
        {"features": {"webhooks": True}},
        {"ai_limits": {"wishes": 3}},
        {"ai_limits": {"monthly_credits": -1}},
        {"ai_limits": [1]},
    ],
)
def test_what_the_catalogue_does_not_describe_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        saved(**wrong)
    assert caught.value.message_dict.keys() == wrong.keys()


def test_a_column_that_repeats_a_feature_follows_it() -> None:
    tier = saved(features=["api_keys", "priority_support"], priority_support=False)
    assert (tier.priority_support, tier.whitelabel_available) == (True, False)


def test_a_feature_follows_its_column_where_only_that_is_told() -> None:
    saved(features=["api_keys"])
    assert saved(priority_support=True).features == ["api_keys", "priority_support"]
    tier = saved(priority_support=False)
    assert (tier.features, tier.priority_support) == (["api_keys"], False)
