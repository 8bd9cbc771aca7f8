"""A caption that comes later makes a decision stricter or leaves it, and what it escalates is hidden."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from accounts.models import Role
from accounts.selectors import callers
from moderation.api.decision_fields import DecisionSerializer
from moderation.models import CaptionRequest, Decision, DecisionEvent
from moderation.selectors import decisions
from moderation.services import captions
from musenest.common import tenancy, work
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError
from musenest.common.work.items import WorkState
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

BATCH = "batch-1"
# Found, but under the threshold of 25: by the detector alone it would be approved, so it waits for a caption.
SHOULDER = {"label": "FEMALE_BREAST_EXPOSED", "score": 22.0, "box": None}


@pytest.fixture
def allowed(httpserver: HTTPServer, settings: Any) -> HTTPServer:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    return httpserver


@pytest.fixture
def acme(allowed: HTTPServer) -> Customer:
    acme = samples.customer()
    samples.server(port=allowed.port)
    return acme


@pytest.fixture
def item(acme: Customer) -> CaptionRequest:
    site = samples.deployed(acme, template="marketplace")
    fields = {"labels": [SHOULDER], "reasons": [], "final_risk_score": 0.0, "child_safety": "pending"}
    decision = samples.decision(acme, site, kind="flagged", **fields)
    with acme.scope():
        assert site.server is not None
        return captions.request(decision=decision, server=site.server, batch_id=BATCH)


def answer_with(
    server: HTTPServer, caption: str, *, image_hash: str = "a" * 64, children: Any = False
) -> None:
    server.expect_request("/retrieve-blip", method="POST", json={"batch_id": BATCH}).respond_with_json(
        {
            "batch_id": BATCH,
            "image_hash": image_hash,
            "image_description": {"description": caption},
            "combined_assessment": {"children_detected": children},
        }
    )


def fetch(acme: Customer, item: CaptionRequest) -> CaptionRequest:
    work.run("caption", str(item.pk))
    with acme.scope():
        item.refresh_from_db()
    return item


def standing(acme: Customer, caller: Caller) -> str:
    with acme.scope():
        found: str = decisions.visible_to(caller).get().standing  # type: ignore[attr-defined]  # annotated
    return found


def owner_of(acme: Customer) -> Caller:
    return callers.in_organization(acme.owner, acme.organization.slug)


def test_a_caption_that_tells_of_a_child_rejects_escalates_and_hides(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a child on a beach")

    assert fetch(acme, item).state == WorkState.DONE

    with acme.scope():
        event = DecisionEvent.objects.get()
        assert (event.decision, event.is_escalated, event.caption) == ("rejected", True, "a child on a beach")
        assert Decision.objects.get().decision == "flagged"  # the machine's first record never changes
        with pytest.raises(NotFoundError):
            decisions.get_for(owner_of(acme), Decision.objects.get().pk)
        assert not decisions.visible_to(owner_of(acme)).exists()
    with tenancy.staff():
        assert not decisions.visible_to_staff().exists()


def test_an_escalated_decision_is_seen_with_the_grant(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a child on a beach")
    fetch(acme, item)
    granted = samples.membership(acme.organization, Role.REVIEWER, child_safety=True).person

    assert standing(acme, callers.in_organization(granted, acme.organization.slug)) == "rejected"


def test_a_harmless_caption_never_makes_a_decision_milder(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a woman on a beach")

    fetch(acme, item)

    assert standing(acme, owner_of(acme)) == "flagged"
    with acme.scope():
        event = DecisionEvent.objects.get()
    assert event.data["reasons"][0]["code"] == "EARLIER_DECISION_STANDS"
    assert event.data["stages_missing"] == []


def test_a_server_that_reports_a_child_escalates_whatever_the_caption_says(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a person on a beach", children=True)

    fetch(acme, item)

    with acme.scope():
        assert DecisionEvent.objects.get().is_escalated


def test_a_caption_that_is_not_ready_is_tried_again(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    allowed.expect_request("/retrieve-blip").respond_with_json(
        {"success": False, "code": "CAPTION_PENDING"}, status=404
    )

    tried = fetch(acme, item)

    assert tried.state == "waiting"
    assert tried.due_at > tried.created_at
    with acme.scope():
        assert not DecisionEvent.objects.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_caption_that_was_lost_leaves_the_decision_and_says_why(
    status: int, acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    allowed.expect_request("/retrieve-blip").respond_with_json({"success": False}, status=status)

    assert fetch(acme, item).state == "failed"

    assert standing(acme, owner_of(acme)) == "flagged"
    with acme.scope():
        assert DecisionEvent.objects.get().kind == "caption_missing"


def test_the_caption_of_another_picture_is_refused(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a woman on a beach", image_hash="b" * 64)

    assert fetch(acme, item).state == "failed"

    with acme.scope():
        assert DecisionEvent.objects.get().kind == "caption_missing"


def test_pages_and_lists_say_what_a_decision_has_become(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a child on a beach")
    fetch(acme, item)
    granted = samples.member(acme, Role.REVIEWER, child_safety=True)

    page = granted.get(acme.url(f"decisions/{item.decision_id}")).content.decode()
    rejected = granted.get(acme.url("decisions?decision=rejected")).content.decode()
    flagged = granted.get(acme.url("decisions?decision=flagged")).content.decode()

    assert "This picture must not be shown." in page
    assert "Escalated" in page
    assert "No caption was written" not in page
    assert "A caption was searched for words that tell of a child." in page
    assert "Keep the original" in page
    assert 'title="CHILD_SAFETY"' in page
    assert f"decisions/{item.decision_id}" in rejected
    assert f"decisions/{item.decision_id}" not in flagged
    assert acme.client.get(acme.url(f"decisions/{item.decision_id}")).status_code == 404


def test_the_api_says_that_a_caption_escalated_and_that_the_original_is_to_be_kept(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    answer_with(allowed, "a child on a beach")
    fetch(acme, item)
    granted = samples.membership(acme.organization, Role.REVIEWER, child_safety=True).person
    caller = callers.in_organization(granted, acme.organization.slug)

    with acme.scope():
        said = DecisionSerializer(decisions.get_for(caller, item.decision_id)).data

    assert (said["standing"], said["escalated"], said["preserve"]) == ("rejected", True, True)


def test_a_page_no_longer_awaits_a_caption_that_will_not_come(
    acme: Customer, item: CaptionRequest, allowed: HTTPServer
) -> None:
    allowed.expect_request("/retrieve-blip").respond_with_json({"success": False}, status=410)
    fetch(acme, item)

    page = acme.client.get(acme.url(f"decisions/{item.decision_id}")).content.decode()

    assert "There was no caption to search; nothing sexual was approved." in page
    assert "A caption is still to come" not in page
