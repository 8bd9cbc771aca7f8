"""The catalogue changes by versions."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from billing.domain.catalogues import LIVE
from billing.models import Tier, TierVersion
from billing.services import tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotFoundError
from tests import samples

pytestmark = pytest.mark.django_db

FIGURES: dict[str, Any] = {
    "display_name": "Small",
    "rank": 7,
    "monthly_price": Decimal("4.99"),
    "features": ["api_keys"],
    "ai_limits": {"monthly_credits": 1},
    "max_sites": 2,
    "max_monthly_requests": 50,
}


def versions(name: str) -> list[int]:
    with tenancy.staff():
        return list(
            TierVersion.objects.filter(tier__tier_name=name)
            .order_by("number")
            .values_list("number", flat=True)
        )


def test_the_live_catalogue_is_the_one_of_the_decision() -> None:
    with tenancy.staff():
        found = {tier.tier_name: tier for tier in Tier.objects.all()}
    prices = {name: tier.monthly_price for name, tier in found.items()}
    assert prices == {
        "free": Decimal(0),
        "basic": Decimal("9.99"),
        "premium": Decimal("39.95"),
        "enterprise": Decimal("199.99"),
        "custom": None,
    }
    limits = {name: (tier.max_sites, tier.max_monthly_requests) for name, tier in found.items()}
    assert limits == {
        "free": (1, 1_000),
        "basic": (3, 10_000),
        "premium": (25, 100_000),
        "enterprise": (-1, -1),
        "custom": (-1, -1),
    }
    assert found["basic"].yearly_price == Decimal("99.90")
    assert found["custom"].yearly_price is None


def test_saving_makes_a_tier_its_version_and_an_audit_row() -> None:
    tier = tiers.save(name="small", figures=FIGURES, by=SYSTEM)
    assert (tier.version, versions("small")) == (1, [1])
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="tier.saved", target_id=str(tier.pk)).count() == 1


def test_a_change_is_a_new_version_and_the_old_one_stays() -> None:
    tiers.save(name="small", figures=FIGURES, by=SYSTEM)
    tiers.save(name="small", figures={"max_sites": 5}, by=SYSTEM)
    with tenancy.staff():
        kept = list(TierVersion.objects.filter(tier__tier_name="small").order_by("number"))
        event = AuditEvent.objects.filter(action="tier.saved").latest("pk")
    assert [version.figures["max_sites"] for version in kept] == [2, 5]
    assert kept[0].figures["monthly_price"] == "4.99"
    assert event.changes == {"max_sites": ["2", "5"]}


def test_saving_the_same_again_is_no_version() -> None:
    tiers.save(name="small", figures=FIGURES, by=SYSTEM)
    tiers.save(name="small", figures=FIGURES, by=SYSTEM)
    assert versions("small") == [1]


@pytest.mark.parametrize("wrong", [{"max_sites": -2}, {"monthly_price": Decimal(-1)}, {"display_name": ""}])
def test_figures_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        tiers.save(name="small", figures=FIGURES | wrong, by=SYSTEM)
    assert versions("small") == []


def test_loading_the_live_catalogue_again_changes_nothing() -> None:
    loaded = tiers.load_catalogue(name="musenest", by=SYSTEM).loaded
    assert [tier.tier_name for tier in loaded] == [entry.tier_name for entry in LIVE]
    assert {tuple(versions(entry.tier_name)) for entry in LIVE} == {(1,)}


def test_a_catalogue_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFoundError, match="musenest"):
        tiers.load_catalogue(name="no", by=SYSTEM)


def test_a_version_cannot_be_changed() -> None:
    with tenancy.staff(), pytest.raises(DatabaseError), transaction.atomic():
        TierVersion.objects.update(number=9)


def test_an_organisation_sees_the_catalogue_and_cannot_change_it() -> None:
    acme = samples.customer(tier="basic")
    with acme.scope():
        assert Tier.objects.count() == len(LIVE)
        assert Tier.objects.update(monthly_price=0) == 0
