"""The dry run."""

import pytest

from moderation.models import ConfigurationVersion, Deployment, Server, Site
from moderation.services import attestations
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

PLAN = f"{api.SITES}/acme-family/plan"


def test_a_plan_tells_everything_that_would_be_sent(acme: Customer) -> None:
    samples.site(acme)
    found = api.data(api.owner(acme).post(PLAN))
    assert set(found) == {
        "nudenet",
        "blip",
        "moderation_rules",
        "usage_intents",
        "digest",
        "changes",
        "warnings",
        "conflicts",
    }
    assert len(found["digest"]) == 64
    assert found["changes"]
    assert found["conflicts"] == []


def test_a_plan_saves_nothing(acme: Customer) -> None:
    samples.site(acme)
    api.data(api.owner(acme).post(PLAN))
    with acme.scope():
        assert not Deployment.objects.exists()
        assert not ConfigurationVersion.objects.exists()


def test_a_plan_names_what_differs_from_what_is_in_force(acme: Customer) -> None:
    samples.deployed(acme)
    client = api.owner(acme)
    assert api.data(client.post(PLAN))["changes"] == []
    client.patch(f"{api.SITES}/acme-family", {"blip_config": {"risk_multiplier": 4.5}})
    (change,) = api.data(client.post(PLAN))["changes"]
    assert (change["path"], change["after"], change["source"]) == ("blip_config.risk_multiplier", 4.5, "site")


def test_conflicts_are_named(acme: Customer) -> None:
    samples.site(acme, "acme-family", "adult_18")
    codes = [conflict["code"] for conflict in api.data(api.owner(acme).post(PLAN))["conflicts"]]
    assert codes == ["ATTESTATION_MISSING", "NEEDS_CAPTIONS"]


def test_a_site_without_a_server_cannot_be_deployed() -> None:
    lonely = samples.customer()
    samples.site(lonely)
    (conflict,) = api.data(api.owner(lonely).post(PLAN))["conflicts"]
    assert conflict["code"] == "NO_SERVER"


def test_the_adult_intent_asks_for_the_same_on_every_template(acme: Customer) -> None:
    samples.site(acme)
    intent = {"paysite": {"approval_threshold": 10, "rejection_threshold": 60}}
    client = api.owner(acme)
    api.data(client.patch(f"{api.SITES}/acme-family", {"usage_intents": intent}))
    codes = [conflict["code"] for conflict in api.data(client.post(PLAN))["conflicts"]]
    assert codes == ["ATTESTATION_MISSING", "NEEDS_CAPTIONS"]
    samples.server(is_blip_available=True)
    with acme.scope():
        attestations.make(organization=acme.organization, wording_version=1, by=acme.owner.actor)
        Site.objects.update(server=Server.objects.get(is_blip_available=True))
    assert api.data(client.post(PLAN))["conflicts"] == []
