"""Servers, templates and sites: what filters leave, and pages in each order."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from moderation.models import Deployment, Server
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

HEALTH = f"{api.SERVERS}/health"


def names(client: Any, address: str, **query: Any) -> list[str]:
    return [row["name"] for row in api.rows(client, address, **query)]


def test_servers_by_what_they_are() -> None:
    borealis = samples.customer("Borealis")
    samples.server(name="eu-1", region="eu", is_blip_available=True)
    samples.server(name="us-1", region="us", status="offline", protocol="https")
    samples.server(name="theirs", organization=borealis.organization, is_active=False)
    staff, acme = api.staff(), api.owner(samples.customer())

    assert names(staff, api.SERVERS) == ["eu-1", "theirs", "us-1"]
    assert names(staff, api.SERVERS, status="offline") == names(staff, api.SERVERS, region="us") == ["us-1"]
    assert names(staff, api.SERVERS, is_active=False) == ["theirs"]
    assert len(names(staff, api.SERVERS, adapter="native")) == 3
    assert names(staff, api.SERVERS, organization=borealis.organization.slug) == ["theirs"]
    assert (
        names(staff, api.SERVERS, is_blip_available=True) == names(staff, api.SERVERS, name="EU") == ["eu-1"]
    )
    assert [row["organization"] for row in api.rows(staff, api.SERVERS)] == [
        *(None, borealis.organization.slug, None)
    ]
    assert names(acme, HEALTH, status="offline") == ["us-1"]
    assert names(acme, HEALTH, organization=borealis.organization.slug) == []


@pytest.mark.parametrize(
    "order", ["name", "created_at", "status", "region", "response_time_ms", "last_checked_at"]
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_hold_every_server_in_each_order(order: str, sign: str) -> None:
    now = timezone.now()
    for number in range(5):
        samples.server(
            name=f"server {number}",
            status="online" if number % 2 else "degraded",
            response_time_ms=None if number > 2 else 7,
            last_checked_at=None if number == 1 else now - timedelta(hours=number % 3),
        )
    with tenancy.staff():
        Server.objects.update(created_at=now)

    found = api.walked(api.staff(), api.SERVERS, ordering=f"{sign}{order}")

    assert len({row["id"] for row in found}) == len(found) == 5
    values = [row[order] for row in found if row[order] is not None]
    assert values == sorted(values, reverse=bool(sign))


def test_templates_by_what_they_need() -> None:
    acme = api.owner(samples.customer())

    assert names(acme, api.TEMPLATES, needs_attestation=True) == ["adult_18"]
    assert "adult_18" not in names(acme, api.TEMPLATES, needs_attestation=False)
    assert names(acme, api.TEMPLATES, name="marketplace") == ["marketplace"]
    everything = names(acme, api.TEMPLATES)
    for order, is_descending in (("name", False), ("-name", True)):
        walked = [row["name"] for row in api.walked(acme, api.TEMPLATES, ordering=order)]
        assert walked == sorted(everything, reverse=is_descending)
    assert len(api.walked(acme, api.TEMPLATES, ordering="display_name")) == len(everything)


def test_sites_by_their_server(acme: Customer, borealis: Customer) -> None:
    site = samples.site(acme)
    own = samples.server(organization=borealis.organization)
    client = api.owner(acme)

    def found(server: object) -> list[str]:
        return [row["site_identifier"] for row in api.rows(client, api.SITES, server=server)]

    assert found(site.server_id) == ["acme-family"]
    assert found(own.pk) == []


@pytest.mark.parametrize("order", ["revision", "-revision", "created_at", "-created_at"])
def test_pages_hold_every_deployment_in_each_order(acme: Customer, borealis: Customer, order: str) -> None:
    site = samples.deployed(acme)
    samples.deployed(borealis)
    with acme.scope():
        first = Deployment.objects.get(site_config=site)
        for revision in range(2, 7):
            Deployment.objects.create(
                organization=acme.organization,
                site_config=site,
                version=first.version,
                revision=revision,
                deployment_status="failed",
                created_at=first.created_at,
            )

    found = api.walked(api.owner(acme), f"{api.SITES}/acme-family/history", ordering=order)

    assert sorted(row["revision"] for row in found) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("list_", "query"),
    [
        (HEALTH, "status=tired"),
        (HEALTH, "region=%00"),
        (HEALTH, "ordering=api_key"),
        (api.TEMPLATES, "needs_blip=perhaps"),
        (api.SITES, "server=nonsense"),
        (api.DECISIONS, "ordering=caption"),
    ],
)
def test_a_word_that_no_row_can_have_is_refused(acme: Customer, list_: str, query: str) -> None:
    found = api.error(api.owner(acme).get(f"{list_}?{query}"), 422)

    assert found["code"] in ("VALIDATION_ERROR", "ORDERING_UNKNOWN")
    assert found["details"]["field"] == query.partition("=")[0]
