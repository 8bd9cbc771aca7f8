"""The first page of the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import UsageCounter
from billing.selectors import subscriptions
from billing.selectors.usage import MONTHLY_REQUESTS, this_month
from billing.services import plan_requests, usage
from billing.services import subscriptions as changing
from moderation.models import Deployment
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.work import WorkState
from tests import samples

pytestmark = pytest.mark.django_db


def test_an_empty_platform_says_so(staff: Client) -> None:
    text = staff.get(reverse("admin:index")).text

    assert "No picture was decided in the last 30 days" in text
    assert "No tier earns anything yet" in text
    assert "Nothing was used in the last 30 days." in text
    assert "Nobody has used 80 % of the month" in text
    assert "Every server answers, every deployment arrived, no work is parked." in text


def test_figures_of_customers_stand_there(staff: Client) -> None:
    acme = samples.customer(tier="premium")
    with acme.scope():
        usage.record(organization=acme.organization, usage_type="analysis", response_time_ms=42)
    samples.decision(acme, samples.site(acme), "flagged")
    with tenancy.staff():
        UsageCounter.objects.create(
            organization=acme.organization, meter=MONTHLY_REQUESTS, month=this_month(), used=91_000
        )

    text = " ".join(staff.get(reverse("admin:index")).text.split())

    assert "100 % of 1 pictures were held back in the last 30 days" in text
    assert "Premium earns 100 % of the list revenue" in text
    assert "$39.95" in text
    assert "91,000 of 100,000 on Premium" in text
    assert "42 ms" in text


def test_parked_work_leads_to_where_it_is_replayed(staff: Client) -> None:
    world = samples.world("First")
    with tenancy.staff():
        Deployment.objects.update(state=WorkState.PARKED, last_error="Lost three times.")

    text = staff.get(reverse("admin:index")).text

    assert "Lost three times." in text
    assert "Replay it" in text
    assert reverse("admin:moderation_deployment_change", args=[world.deployment.pk]) in text


def test_work_leads_to_the_list_of_its_kind(staff: Client) -> None:
    samples.world("First")

    text = staff.get(reverse("admin:index")).text

    for name in ("moderation_siteremoval", "moderation_deployment", "accounts_notification"):
        address = f"{reverse(f'admin:{name}_changelist')}?state__exact=waiting"
        assert f'href="{address}"' in text
    assert "site removal" in text


def test_a_plan_that_is_asked_for_leads_to_where_it_is_changed(staff: Client) -> None:
    acme = samples.customer("Acme", tier="free")
    with acme.scope():
        plan_requests.ask(
            organization=acme.organization, tier_name="premium", message="We grow.", by=acme.owner.actor
        )
        pk = subscriptions.current_of(acme.organization).pk

    text = staff.get(reverse("admin:index")).text

    assert "Acme asks for Premium" in text
    assert "We grow." in text
    assert reverse("admin:billing_subscription_change", args=[pk]) in text

    changing.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)
    assert "Acme asks for Premium" not in staff.get(reverse("admin:index")).text


def test_names_of_customers_are_escaped(staff: Client) -> None:
    acme = samples.customer("<script>alert(1)</script>", tier="free")
    with tenancy.staff():
        UsageCounter.objects.create(
            organization=acme.organization, meter=MONTHLY_REQUESTS, month=this_month(), used=999
        )

    text = staff.get(reverse("admin:index")).text

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_customer_does_not_get_in() -> None:
    assert samples.customer().client.get(reverse("admin:index")).status_code in (302, 404)
