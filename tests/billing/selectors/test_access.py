"""What a tier allows, asked without an exception."""

import pytest

from billing.models import Subscription, SubscriptionStatus, Tier
from billing.selectors import access
from billing.services import entitlements, tiers, usage
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotFoundError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def asked(of: Customer, name: str) -> tuple[bool, str, str | None]:
    with of.scope():
        found = access.of(of.organization, name)
    return found.has_access, found.reason, found.upgrade_required


def test_a_feature_of_the_tier_and_one_that_is_not(acme: Customer) -> None:
    assert asked(acme, "webhooks") == (True, "", None)
    assert asked(acme, "analytics") == (False, "analytics is not in Basic", "premium")


def test_sites_until_the_last_one_of_the_tier(acme: Customer) -> None:
    stranger = samples.customer("Borealis")
    samples.server()
    for number in range(4):
        samples.site(stranger, f"theirs-{number}")
    for number in range(3):
        assert asked(acme, "sites") == (True, "", None)
        samples.site(acme, f"mine-{number}")
    assert asked(acme, "sites") == (False, "Maximum sites exceeded (3)", "premium")


def test_pictures_until_the_last_one_of_the_month(acme: Customer) -> None:
    tiers.save(name="basic", figures={"max_monthly_requests": 1}, by=SYSTEM)
    assert asked(acme, "monthly_requests") == (True, "", None)
    with acme.scope():
        usage.reserve(organization=acme.organization, key="1")
    assert asked(acme, "monthly_requests") == (False, "Monthly request limit exceeded (1)", "free")


@pytest.mark.parametrize("name", ["webhooks", "sites", "monthly_requests"])
def test_a_suspended_subscription_allows_nothing(acme: Customer, name: str) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.SUSPENDED)
    assert asked(acme, name) == (False, "suspended", None)


def test_a_feature_that_does_not_exist(acme: Customer) -> None:
    with acme.scope(), pytest.raises(NotFoundError):
        access.of(acme.organization, "mind_reading")


def test_a_figure_of_the_tier(acme: Customer) -> None:
    with acme.scope():
        assert entitlements.figure(acme.organization, "pictures_per_second", 2) == 5
    tiers.save(name="basic", figures={"ai_limits": {}}, by=SYSTEM)
    with acme.scope():
        assert entitlements.figure(acme.organization, "pictures_per_second", 2) == 2


@pytest.mark.parametrize(
    ("own", "name", "upgrade"),
    [
        ("nuggetwise-free", "analytics", "nuggetwise-pro"),
        ("nuggetwise-free", "monthly_requests", "nuggetwise-pro"),
        ("nuggetwise-free", "sites", "nuggetwise-pro"),
        ("nuggetwise-pro", "whitelabel_available", "nuggetwise-enterprise"),
        ("basic", "analytics", "premium"),
        ("enterprise", "whitelabel_available", "custom"),
    ],
)
def test_the_upgrade_is_a_tier_of_the_own_price_list(own: str, name: str, upgrade: str) -> None:
    """Ranks keep a list together and say nothing across lists."""
    tiers.load_catalogue(name="nuggetwise", by=SYSTEM)
    tiers.save(name=own, figures={"max_monthly_requests": 0, "max_sites": 0}, by=SYSTEM)
    acme = samples.customer(tier=own)

    assert asked(acme, name)[2] == upgrade
    if name not in access.LIMITED:
        with acme.scope():
            shown = access.lacking(acme.organization, [name])[name]
        assert shown == Tier.objects.get(tier_name=upgrade).display_name


def test_a_tier_of_no_price_list_counts_with_the_live_one() -> None:
    tiers.load_catalogue(name="modo", by=SYSTEM)
    figures = {"display_name": "Friends", "rank": 40, "features": ["api_keys"]}
    tiers.save(name="friends", figures=figures, by=SYSTEM)

    assert asked(samples.customer(tier="friends"), "analytics")[2] == "premium"
