"""What an API key learns of an escalated decision: the verdict and the duty, and nothing else."""

from typing import Any
from uuid import UUID

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it carries no types
from rest_framework.test import APIClient

from accounts.models import ApiKey, Role
from accounts.services import api_keys
from moderation.models import Decision, DecisionEvent, Site
from tests import samples
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]


def program(of: Customer, mode: str = "live") -> tuple[Any, UUID]:
    """A client, and the key that it has."""
    client = api.with_key(of, "analyze", mode=mode)
    with of.scope():
        return client, ApiKey.objects.latest("created_at").pk


def escalated_at_once(of: Customer, **fields: Any) -> Decision:
    with of.scope():
        site = Site.objects.get()
    return samples.decision(of, site, is_escalated=True, is_preserve=True, external_id="mine-1", **fields)


def escalated_later(of: Customer, **fields: Any) -> Decision:
    with of.scope():
        site = Site.objects.get()
    decision = samples.decision(of, site, "flagged", external_id="mine-1", **fields)
    with of.scope():
        DecisionEvent.objects.create(
            organization_id=of.organization.pk,
            decision_id=decision.pk,
            kind="caption_answered",
            decision="rejected",
            is_escalated=True,
            caption="what nobody else is to read",
            data={"reasons": [{"code": "CHILD_SAFETY", "message": "why", "details": {}}]},
            created_by="MuseNest",
        )
    return decision


@pytest.mark.parametrize("escalated", [escalated_at_once, escalated_later])
def test_a_key_learns_the_verdict_and_the_duty_and_nothing_else(acme: Customer, escalated: Any) -> None:
    client, key = program(acme)
    decision = escalated(acme, api_key_id=key)

    assert api.data(client.get(f"{api.DECISIONS}/{decision.pk}")) == {
        "id": decision.pk,
        "site": str(decision.site_id),
        "external_id": "mine-1",
        "mode": "live",
        "standing": "rejected",
        "escalated": True,
        "preserve": True,
        "sealed": True,
    }
    assert api.data(client.get(f"{api.DECISIONS}/{decision.pk}?fields=standing,caption")) == {
        "standing": "rejected"
    }


@pytest.mark.parametrize("escalated", [escalated_at_once, escalated_later])
def test_lists_show_a_key_no_escalated_one(acme: Customer, escalated: Any) -> None:
    escalated(acme)
    client = api.with_key(acme, "analyze")
    for query in ("", "external_id=mine-1", f"image_hash={'a' * 64}", "standing=rejected"):
        assert api.data(client.get(f"{api.DECISIONS}?{query}"))["results"] == []


def test_strangers_keys_and_keys_without_the_scope_learn_nothing(acme: Customer) -> None:
    client, key = program(acme)
    path = f"{api.DECISIONS}/{escalated_later(acme, api_key_id=key).pk}"
    api.data(client.get(path))
    stranger = samples.customer("Borealis")
    assert api.code(api.with_key(stranger, "analyze").get(path), 404) == "DECISION_UNKNOWN"
    assert api.error(api.with_key(acme, "sites:write").get(path), 403)["details"]["permission"]
    assert api.code(api.with_key(acme, "analyze", mode="test").get(path), 404) == "DECISION_UNKNOWN"
    assert api.code(api.staff().get(path), 403) == "DENIED"


@pytest.mark.parametrize("escalated", [escalated_at_once, escalated_later])
def test_who_walks_the_numbers_gathers_none_that_others_sent(acme: Customer, escalated: Any) -> None:
    _, key = program(acme)
    last = max(escalated(acme, **fields).pk for fields in ({"api_key_id": key}, {"api_key_id": key}, {}))
    walker, _ = program(acme)

    codes = [walker.get(f"{api.DECISIONS}/{pk}").status_code for pk in range(last - 2, last + 2)]

    assert codes == [404] * 4


def test_a_key_that_was_rotated_is_still_the_one_that_sent_it(acme: Customer) -> None:
    _, key = program(acme)
    path = f"{api.DECISIONS}/{escalated_later(acme, api_key_id=key).pk}"
    with acme.scope():
        _, text = api_keys.rotate(key=ApiKey.objects.get(pk=key), by=acme.owner.actor)
    assert api.data(APIClient(headers={"X-API-Key": text}).get(path))["sealed"] is True


def test_a_key_of_the_test_mode_tries_it(acme: Customer) -> None:
    client, key = program(acme, "test")
    decision = escalated_at_once(acme, mode="test", api_key_id=key)
    assert api.data(client.get(f"{api.DECISIONS}/{decision.pk}"))["preserve"] is True


def test_other_decisions_stay_whole_to_a_key(acme: Customer) -> None:
    with acme.scope():
        site = Site.objects.get()
    decision = samples.decision(acme, site, "flagged")
    found = api.data(api.with_key(acme, "analyze").get(f"{api.DECISIONS}/{decision.pk}"))
    assert (found["reasons"][0]["code"], found["events"]) == ("RISK_REACHES_REJECTION", [])


def test_the_schema_tells_both_answers_apart(acme: Customer) -> None:
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    one = {"$ref": "#/components/schemas/DecisionAnswer", "components": schema["components"]}
    client, key = program(acme)
    path = f"{api.DECISIONS}/{escalated_later(acme, api_key_id=key).pk}"
    granted = api.member(acme, Role.REVIEWER, child_safety=True)

    for caller in (client, granted):
        Draft202012Validator(one).validate(api.data(caller.get(path)))
