"""Beginning and changing subscriptions."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent
from accounts.services import organizations, people
from billing.models import Subscription
from billing.selectors import subscriptions as reading
from billing.services import subscriptions, tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import DeniedError, NotFoundError
from tests import samples

pytestmark = pytest.mark.django_db


def test_a_new_organisation_is_on_free() -> None:
    owner = people.create(email="owner@acme.example", password="a long password", by=SYSTEM)
    organization = organizations.create(name="Acme", owner=owner, by=SYSTEM)
    with tenancy.organization(organization.pk):
        found = reading.current_of(organization)
    assert (found.tier.tier_name, found.subscription_status, found.billing_cycle) == (
        "free",
        "active",
        "monthly",
    )
    assert found.tier_version.number == found.tier.version


def test_changing_the_tier_counts_now_and_is_recorded() -> None:
    acme = samples.customer(tier="free")
    with acme.scope():
        assert reading.tier_of(acme.organization).tier_name == "free"
    subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)
    with acme.scope():
        assert reading.tier_of(acme.organization).tier_name == "premium"
        event = AuditEvent.objects.filter(action="subscription.tier_changed").latest("pk")
        assert event.changes == {"tier": ["free", "premium"]}


def test_the_version_as_it_was_sold_stays() -> None:
    acme = samples.customer(tier="basic")
    tiers.save(name="basic", figures={"max_sites": 4}, by=SYSTEM)
    with acme.scope():
        found = reading.current_of(acme.organization)
    assert (found.tier_version.number, found.tier.version, found.tier.max_sites) == (1, 2, 4)


@pytest.mark.parametrize("name", ["no such tier", "custom"])
def test_a_tier_that_is_not_sold_cannot_be_had(name: str) -> None:
    tiers.save(name="custom", figures={"is_active": False}, by=SYSTEM)
    acme = samples.customer(tier="free")
    with pytest.raises(NotFoundError):
        subscriptions.change_tier(organization=acme.organization, tier_name=name, by=SYSTEM)


def test_an_organisation_has_one_current_subscription() -> None:
    acme = samples.customer(tier="free")
    with acme.scope(), pytest.raises(IntegrityError), transaction.atomic():
        subscriptions.begin(organization=acme.organization, tier_name="basic", by=SYSTEM)


def test_a_cancelled_subscription_is_history() -> None:
    acme = samples.customer(tier="free")
    with acme.scope():
        Subscription.objects.update(subscription_status="cancelled")
        with pytest.raises(DeniedError) as caught:
            reading.current_of(acme.organization)
        assert caught.value.code == "SUBSCRIPTION_MISSING"
        subscriptions.begin(organization=acme.organization, tier_name="basic", by=SYSTEM)
        assert reading.tier_of(acme.organization).tier_name == "basic"


def test_a_stranger_has_no_subscription_here() -> None:
    acme, stranger = samples.customer(tier="free"), samples.customer("Borealis")
    with acme.scope():
        assert Subscription.objects.count() == 1
        with pytest.raises(DeniedError):
            reading.current_of(stranger.organization)
