"""A customer is told of what a caption escalated later: who may see it, else the owners; without details."""

from typing import Any

import pytest
from django.core import mail
from pytest_httpserver import HTTPServer

from accounts.models import Notification, Role
from moderation.models import CaptionRequest
from moderation.services import captions
from musenest.common import tenancy, work
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

TEMPLATE = "escalated_later"
FOUND = {"label": "FEMALE_BREAST_EXPOSED", "score": 22.0, "box": None}


@pytest.fixture
def acme(httpserver: HTTPServer, settings: Any) -> Customer:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    samples.server(port=httpserver.port)
    return samples.customer()


def captioned(of: Customer, server: HTTPServer, caption: str, **fields: Any) -> CaptionRequest:
    """A decision whose caption came by now."""
    site = samples.deployed(of, template="marketplace")
    values = {"labels": [FOUND], "reasons": [], "final_risk_score": 0.0, "child_safety": "pending"}
    decision = samples.decision(of, site, "flagged", **(values | fields))
    with of.scope():
        assert site.server is not None
        item = captions.request(decision=decision, server=site.server, batch_id="batch-1")
    server.expect_request("/retrieve-blip").respond_with_json(
        {
            "batch_id": "batch-1",
            "image_hash": "a" * 64,
            "image_description": {"description": caption},
            "combined_assessment": {"children_detected": False},
        }
    )
    work.run("caption", str(item.pk))
    return item


def written() -> list[Notification]:
    with tenancy.staff():
        return list(Notification.objects.filter(template=TEMPLATE).select_related("person"))


def test_who_holds_the_grant_is_told(acme: Customer, httpserver: HTTPServer) -> None:
    granted = samples.membership(acme.organization, Role.REVIEWER, child_safety=True).person
    samples.membership(samples.organization("Other"), Role.OWNER, child_safety=True)

    item = captioned(acme, httpserver, "a child on a beach")

    (message,) = written()
    assert message.person == granted
    work.run("notification", str(message.pk))
    (sent,) = mail.outbox
    assert str(item.decision_id) in sent.subject
    assert acme.url(f"decisions/{item.decision_id}") in sent.body
    assert "keep the original" in sent.body
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]  # a message in two forms
    for text in (sent.subject, sent.body, html):
        assert not {"child", "beach", "breast"} & set(text.lower().split())


def test_owners_are_told_where_nobody_holds_it(acme: Customer, httpserver: HTTPServer) -> None:
    samples.membership(acme.organization, Role.ADMIN)

    captioned(acme, httpserver, "a child on a beach")

    (message,) = written()
    assert message.person == acme.owner
    work.run("notification", str(message.pk))
    assert acme.url("team") in mail.outbox[0].body
    assert acme.url("decisions") not in mail.outbox[0].body


def test_staff_see_neither_number_nor_site_in_the_message(acme: Customer, httpserver: HTTPServer) -> None:
    item = captioned(acme, httpserver, "a child on a beach")

    (message,) = written()
    assert set(message.context) == {"slug", "may_see"}
    assert str(item.decision_id) in message.secrets


def test_a_harmless_caption_writes_to_nobody(acme: Customer, httpserver: HTTPServer) -> None:
    captioned(acme, httpserver, "a woman on a beach")

    assert written() == []


def test_what_the_first_answer_told_is_not_told_again(acme: Customer, httpserver: HTTPServer) -> None:
    captioned(
        acme, httpserver, "a child on a beach", decision="rejected", is_escalated=True, is_preserve=True
    )

    assert written() == []


def test_the_letter_is_in_the_readers_language(acme: Customer, httpserver: HTTPServer) -> None:
    with tenancy.staff():
        acme.owner.locale = "de"
        acme.owner.save(update_fields=["locale"])
    captioned(acme, httpserver, "a child on a beach")

    (message,) = written()
    work.run("notification", str(message.pk))

    assert "Bewahren Sie das Original auf" in mail.outbox[0].body
