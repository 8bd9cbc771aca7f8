from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from billing.domain import offers
from billing.models import Tier
from billing.portal import cards
from billing.selectors.tiers import live
from billing.services import tiers
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.samples import customer

pytestmark = pytest.mark.django_db


def test_pricing_is_written_by_the_catalogue() -> None:
    with tenancy.staff():
        Tier.objects.filter(tier_name="basic").update(
            display_name="Solid", monthly_price="12.50", max_sites=4, features=["webhooks"]
        )
        Tier.objects.filter(tier_name="premium").update(is_active=False)
    text = Client().get("/pricing").text
    for words in ("Solid", "$12.50", "or $125 a year", "4 sites", "10,000 pictures a month", "unlimited"):
        assert words in text
    assert "Premium" not in text
    assert "Let us talk" in text


def test_pricing_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        Client().get("/pricing")


def test_pricing_compares_features_in_words_too() -> None:
    text = Client().get("/pricing").text
    assert 'aria-label="yes"' in text
    assert '<span class="visually-hidden">no</span>' in text
    assert "every 2 minutes" in text


def test_what_is_not_there_yet_is_not_sold() -> None:
    text = Client().get("/pricing").text
    shown, _, table = text.partition("Side by side")
    there, _, coming = table.partition("Coming: none of this is there yet")
    for label in ("Webhooks", "Failover", "Batches", "White label", "Credits each month", "Drift looked for"):
        assert label not in there
        assert label in coming
    assert "Advanced thresholds" in there
    assert "Advanced thresholds" not in coming
    assert 'aria-label="yes"' not in coming.partition("</table>")[0]
    premium = shown.split('id="tier-premium"')[1].split("</section>")[0]
    offered, _, planned = premium.partition("Coming, not there yet:")
    assert "Analytics" in offered
    assert "Resilient deployment" not in offered
    assert "Resilient deployment" in planned
    assert "credit" not in offered


def test_what_is_built_is_sold_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one fact in the catalogue moves it."""
    features = [replace(feature, is_built=True) for feature in offers.FEATURES]
    monkeypatch.setattr(offers, "FEATURES", tuple(features))
    monkeypatch.setattr(cards, "FEATURES", tuple(features))
    text = Client().get("/pricing").text
    assert "Resilient deployment" in text.partition("Coming: none of this is there yet")[0]
    assert "Coming, not there yet:" not in text


def test_billing_leads_to_the_own_plan() -> None:
    acme = customer()
    assert acme.client.get("/billing").headers["Location"] == acme.url("plan")
    assert Client().get("/billing").headers["Location"] == "/pricing"


def test_another_price_list_begins_anew() -> None:
    tiers.load_catalogue(name="nuggetwise", by=SYSTEM)
    with tenancy.staff():
        found = {card.tier.tier_name: card for card in cards.cards(list(live()))}

    free, pro = found["nuggetwise-free"], found["nuggetwise-pro"]
    assert (free.builds_on, free.new_features) == ("", ["API keys"])
    assert (pro.builds_on, found["premium"].builds_on) == ("Nuggetwise Free", "Basic")
