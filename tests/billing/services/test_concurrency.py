"""64 at once with a limit of 7: exactly 7, with real commits."""

from collections.abc import Callable
from functools import partial

import pytest

from billing.models import Tier, UsageCounter, UsageKey, UsageRecord
from billing.services import usage
from moderation.models import Site
from moderation.services import sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.at_once import at_once
from tests.samples import Customer

pytestmark = pytest.mark.usefixtures("committed_db")

MANY, LIMIT = 64, 7


@pytest.fixture
def acme() -> Customer:
    acme = samples.customer(tier="premium")
    with tenancy.staff():
        Tier.objects.filter(tier_name="premium").update(max_sites=LIMIT, max_monthly_requests=LIMIT)
    return acme


def many_at_once(acme: Customer, ask: Callable[[int], object], many: int = MANY) -> list[str]:
    return at_once([partial(ask, number) for number in range(many)], acme.scope)


def test_64_requests_at_once_get_exactly_the_limit(acme: Customer) -> None:
    found = many_at_once(acme, lambda number: usage.reserve(organization=acme.organization, key=str(number)))
    assert (found.count("done"), found.count("MONTHLY_LIMIT")) == (LIMIT, MANY - LIMIT)
    with acme.scope():
        assert (
            UsageCounter.objects.get().used
            == UsageRecord.objects.count()
            == UsageKey.objects.count()
            == LIMIT
        )


def test_64_sites_at_once_get_exactly_the_limit(acme: Customer) -> None:
    def make(number: int) -> object:
        fields = {
            "site_identifier": f"site-{number}",
            "site_name": "A site",
            "industry_template": "marketplace",
        }
        return sites.create(organization=acme.organization, fields=fields, by=acme.owner.actor)

    found = many_at_once(acme, make)
    assert (found.count("done"), found.count("SITE_LIMIT")) == (LIMIT, MANY - LIMIT)
    with acme.scope():
        assert Site.objects.count() == LIMIT


def test_one_key_at_once_counts_once(acme: Customer) -> None:
    found = many_at_once(acme, lambda _: usage.reserve(organization=acme.organization, key="one"), many=16)
    assert found.count("done") == 1
    assert set(found) <= {"done", "USAGE_KEY_USED", "MONTHLY_LIMIT"}
    with acme.scope():
        assert UsageCounter.objects.get().used == UsageRecord.objects.count() == 1


def test_one_identifier_at_once_is_taken_once(acme: Customer) -> None:
    fields = {"site_identifier": "one", "site_name": "A site", "industry_template": "marketplace"}
    found = many_at_once(
        acme,
        lambda _: sites.create(organization=acme.organization, fields=fields, by=acme.owner.actor),
        many=16,
    )
    assert (found.count("done"), found.count("SITE_IDENTIFIER_TAKEN")) == (1, 15)


def test_two_names_for_one_identifier_at_once(acme: Customer) -> None:
    made = [samples.site(acme, f"site-{number}") for number in range(5)]

    def rename(number: int) -> object:
        return sites.update(site=made[number], fields={"site_identifier": "wanted"}, by=acme.owner.actor)

    found = many_at_once(acme, rename, many=5)
    assert (found.count("done"), found.count("SITE_IDENTIFIER_TAKEN")) == (1, 4)


def test_a_reservation_is_settled_once_by_many(acme: Customer) -> None:
    with acme.scope():
        reservation = usage.reserve(organization=acme.organization, key="1")
    ends: list[bool] = []

    def end(number: int) -> None:
        ends.append(usage.finish(reservation) if number % 2 else usage.void(reservation, reason="failed"))

    assert many_at_once(acme, end, many=16) == ["done"] * 16
    assert sum(ends) == 1
    with acme.scope():
        assert UsageCounter.objects.get().used == sum(
            UsageRecord.objects.values_list("request_count", flat=True)
        )


def test_patches_at_once_of_different_values_all_stay(acme: Customer) -> None:
    site = samples.site(acme)
    weights = ["BELLY_EXPOSED", "FEET_EXPOSED", "ARMPITS_EXPOSED", "FACE_MALE"]

    def patch(number: int) -> object:
        rules = {"moderation_rules": {"label_weights": {weights[number]: 0.5}}}
        return sites.patch(site=site, fields=rules, by=acme.owner.actor)

    assert many_at_once(acme, patch, many=4) == ["done"] * 4
    with acme.scope():
        found = Site.objects.get()
    assert found.moderation_rules["label_weights"] == dict.fromkeys(weights, 0.5)
    assert found.config_version == 5


def test_a_server_takes_no_more_sites_than_it_has_room_for() -> None:
    samples.server(max_sites=LIMIT)
    customers = [samples.customer(f"Customer {number}") for number in range(16)]

    def make(number: int) -> object:
        fields = {"site_identifier": "one", "site_name": "A site", "industry_template": "marketplace"}
        with customers[number].scope():
            return sites.create(organization=customers[number].organization, fields=fields, by=SYSTEM)

    assert many_at_once(customers[0], make, many=16) == ["done"] * 16
    with tenancy.staff():
        assert Site.objects.exclude(server=None).count() == LIMIT
