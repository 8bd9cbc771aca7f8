"""Who is told what about a picture that is escalated at once: a program all of it, a person by grant."""

from typing import Any

import pytest

from accounts.models import Role
from moderation.models import Site
from musenest.common import tenancy
from musenest.common.idempotency import IdempotencyRecord
from tests.fake_server import FakeServer, answered
from tests.moderation.api.uploading import send
from tests.moderation.server.samples import bundled
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

EXPOSED = {"label": "FEMALE_BREAST_EXPOSED", "score": 90.0, "box": None}


@pytest.fixture(autouse=True)
def escalating(fake: FakeServer, in_force: Site) -> None:
    seen = {"labels": [EXPOSED], "combined_assessment": {"children_detected": True}}
    fake.analyze = lambda request: answered(request, **seen)


def analyzed(client: Any, **headers: str) -> dict[str, Any]:
    found: dict[str, Any] = api.data(send(client, bundled("chelsea.png"), headers, external_id="mine-1"))
    return found


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER])
def test_a_person_without_the_grant_gets_it_sealed(acme: Customer, in_force: Site, role: Role) -> None:
    client = api.member(acme, role)
    found = analyzed(client, **{"Idempotency-Key": "picture-1"})

    assert found == {
        "id": found["id"],
        "site": str(in_force.pk),
        "external_id": "mine-1",
        "mode": "live",
        "standing": "rejected",
        "escalated": True,
        "preserve": True,
        "sealed": True,
    }
    assert analyzed(client, **{"Idempotency-Key": "picture-1"}) == found
    with tenancy.staff():
        kept = IdempotencyRecord.objects.get().body
    assert kept is not None
    assert kept["data"] == found


def test_with_the_grant_it_is_whole(acme: Customer) -> None:
    found = analyzed(api.member(acme, Role.MEMBER, child_safety=True))
    assert (found["reasons"][0]["code"], found["labels"][0]["label"]) == ("CHILD_SAFETY", EXPOSED["label"])


def test_the_program_that_sent_it_hears_all_with_the_answer(acme: Customer) -> None:
    client = api.with_key(acme, "analyze")
    found = analyzed(client)
    assert (found["decision"], found["reasons"][0]["code"]) == ("rejected", "CHILD_SAFETY")
    path = f"{api.DECISIONS}/{found['id']}"
    assert api.data(client.get(path))["sealed"] is True
    assert api.code(api.with_key(acme, "analyze").get(path), 404) == "DECISION_UNKNOWN"
