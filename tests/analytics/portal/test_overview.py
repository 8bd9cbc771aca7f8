from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from analytics.portal.charts import decisions_by_day, nice_top
from analytics.selectors.decisions import DecidedDay
from billing.models import Subscription
from moderation.models import DeploymentStatus, Server
from moderation.services import deployments
from moderation.services import sites as saving
from musenest.common import tenancy
from tests.samples import Customer, customer, decision, deployed, end, member, server, signed_in, site


@pytest.fixture
def local(db: None) -> Server:
    return server()


@pytest.fixture
def acme(local: Server) -> Customer:
    return customer("Acme")


def test_overview_of_nothing_offers_the_first_site(acme: Customer) -> None:
    assert "Make the first site" in acme.client.get(acme.url()).text


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        made = deployed(acme, f"site-{number}")
        decision(acme, made)
    # session, person, membership; sites, subscription, counter, days, last decisions, keys
    with django_assert_num_queries(9):
        acme.client.get(acme.url())


def test_overview_counts_own_visible_decisions_of_30_days(acme: Customer) -> None:
    moment = timezone.now() + timedelta(days=40)  # partitions are made ahead, not for the past
    with time_machine.travel(moment, tick=False):
        assert_counts(acme, moment)


def assert_counts(acme: Customer, today: datetime) -> None:
    acme.client = signed_in(acme.owner)
    family = deployed(acme)
    borealis = customer("Borealis")
    decision(borealis, deployed(borealis, "borealis"))
    decision(acme, family, "approved")
    decision(acme, family, "flagged")
    decision(acme, family, is_escalated=True)
    decision(acme, family, created_at=today - timedelta(days=29))
    decision(acme, family, created_at=today - timedelta(days=30))
    response = acme.client.get(acme.url())
    assert response.context["totals"] == {"approved": "1", "flagged": "1", "rejected": "1"}
    assert len(response.context["overview"].latest) == 4
    assert "borealis" not in response.text
    granted = member(acme, Role.MEMBER, child_safety=True)
    assert granted.get(acme.url()).context["totals"]["rejected"] == "2"


def test_overview_says_what_needs_attention(acme: Customer) -> None:
    assert "Needs you now" not in acme.client.get(acme.url()).text
    family, market = deployed(acme), deployed(acme, "acme-market", "marketplace")
    with acme.scope():
        fields = {"nudenet_config": {"detection_threshold": 0.4}}
        saving.update(site=market, fields=fields, by=acme.owner.actor)
        failing = deployments.request(site=family, by=acme.owner.actor)
        end(failing, DeploymentStatus.FAILED, "The server refused the key.")
    with tenancy.staff():
        Server.objects.update(status="offline", last_checked_at=timezone.now())
    text = acme.client.get(acme.url()).text
    assert "Acme Family was not deployed." in text
    assert "The server refused the key." in text
    assert "Acme Market has changes that are not in force." in text
    assert "does not answer." in text


def test_overview_shows_the_quota(local: Server) -> None:
    small = customer("Small", tier="free")
    site(small)
    assert "of 1,000" in small.client.get(small.url()).text


def test_overview_of_a_suspended_subscription_still_opens(acme: Customer) -> None:
    deployed(acme)
    with tenancy.staff():
        Subscription.objects.filter(organization=acme.organization).update(subscription_status="suspended")
    assert "the subscription gives nothing at the moment" in acme.client.get(acme.url()).text


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (5, 10), (11, 20), (99, 100), (101, 200), (1234, 2000)],
)
def test_scale_ends_at_a_round_number(highest: int, top: int) -> None:
    assert nice_top(highest) == top


def test_chart_says_the_finding_and_stacks_the_bars() -> None:
    days = [DecidedDay(date(2026, 11, number)) for number in range(1, 30)]
    days.append(DecidedDay(date(2026, 11, 30), approved=6, flagged=3, rejected=1))
    chart = decisions_by_day(days)
    assert chart.title == "40 % of 10 pictures were held back in the last 30 days"
    assert [piece.kind for piece in chart.bars[0].pieces] == ["approved", "flagged", "rejected"]
    heights = sum(float(piece.height) for piece in chart.bars[0].pieces)
    assert heights == pytest.approx(float(chart.lines[0].y) - float(chart.lines[-1].y), abs=0.2)
    assert [tick.text for tick in chart.ticks][-1] == "30 Nov"
    assert float(chart.bars[0].x) + float(chart.bars[0].width) <= 100


def test_chart_of_nothing_says_so() -> None:
    days = [DecidedDay(date(2026, 11, number)) for number in range(1, 31)]
    assert decisions_by_day(days).title == "No picture was decided in the last 30 days"
