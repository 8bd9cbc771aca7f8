"""After a caption, every face says what stands: page, list, overview, API and admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from moderation.models import Decision, DecisionEvent, Site
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

FIRST = {"code": "CHILD_SAFETY_NOT_RUN", "message": "Said at first.", "details": {}}
STANDS = {"code": "EARLIER_DECISION_STANDS", "message": "It was flagged before.", "details": {}}
LATER = {"code": "RISK_WITHIN_APPROVAL", "message": "Said by the caption.", "details": {}}
CHILD = {"code": "CHILD_SAFETY", "message": "Rejected and escalated.", "details": {}}
HARMLESS = {
    "reasons": [STANDS, LATER],
    "child_risk": 0.0,
    "final_risk_score": 12.5,
    "risk_level": "minimal",
    "child_safety": "assessed",
    "stages_done": ["detection", "caption"],
    "stages_missing": [],
}
ESCALATED = HARMLESS | {
    "reasons": [CHILD],
    "child_risk": 100.0,
    "final_risk_score": 100.0,
    "risk_level": "high",
}


@pytest.fixture
def acme() -> Customer:
    return samples.customer()


@pytest.fixture
def site(acme: Customer) -> Site:
    return samples.site(acme)


def waiting(acme: Customer, site: Site) -> Decision:
    """Flagged, with a caption still to come."""
    fields: dict[str, Any] = {"child_safety": "pending", "final_risk_score": 22.5, "risk_level": "low"}
    return samples.decision(acme, site, "flagged", reasons=[FIRST], **fields)


def hear(acme: Customer, of: Decision, data: dict[str, Any], **fields: Any) -> None:
    with acme.scope():
        DecisionEvent.objects.create(
            organization_id=acme.organization.pk,
            decision_id=of.pk,
            data=data,
            created_by="MuseNest",
            **({"kind": "caption_answered"} | fields),
        )


def said(client: Any, decision: Decision) -> list[dict[str, Any]]:
    """In the list and alone."""
    (listed,) = api.data(client.get(api.DECISIONS))["results"]
    return [listed, api.data(client.get(f"{api.DECISIONS}/{decision.pk}"))]


def test_the_api_says_what_stands_beside_what_was_recorded(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, HARMLESS)

    for found in said(api.with_key(acme, "analyze"), decision):
        assert (found["decision"], found["standing"]) == ("flagged", "flagged")
        assert {name: found[name] for name in HARMLESS} == HARMLESS


def test_the_api_says_to_who_may_see_it_why_it_was_escalated(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, ESCALATED, decision="rejected", is_escalated=True)

    for found in said(api.member(acme, Role.REVIEWER, child_safety=True), decision):
        assert (found["decision"], found["standing"], found["preserve"]) == ("flagged", "rejected", True)
        assert {name: found[name] for name in ESCALATED} == ESCALATED


def test_a_caption_that_never_came_changes_what_it_says_and_nothing_else(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, {"reason": "It was lost.", "child_safety": "unavailable"}, kind="caption_missing")

    for found in said(api.owner(acme), decision):
        assert (found["child_safety"], found["reasons"]) == ("unavailable", [FIRST])
        assert found["stages_missing"] == ["caption"]


def test_the_newest_word_of_each_field_stands(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, HARMLESS)
    hear(acme, decision, {"reason": "Seen by a person.", "risk_level": "medium"}, kind="resolved")

    for found in said(api.owner(acme), decision):
        assert (found["risk_level"], found["reasons"]) == ("medium", HARMLESS["reasons"])


def test_before_a_caption_the_record_stands(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    stranger = samples.customer("Borealis")
    hear(stranger, waiting(stranger, samples.site(stranger)), HARMLESS)

    for found in said(api.owner(acme), decision):
        assert (found["child_safety"], found["reasons"], found["risk_level"]) == ("pending", [FIRST], "low")


def test_the_list_says_the_reason_the_stages_and_the_risk_that_stand(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    before = acme.client.get(acme.url("decisions")).text
    hear(acme, decision, HARMLESS)
    after = acme.client.get(acme.url("decisions")).text

    for words in ("Said at first.", "without caption", "22.5 %"):
        assert words in before
        assert words not in after
    for words in ("Said by the caption.", "all stages answered", "12.5 %"):
        assert words in after
    assert "It was flagged before." not in after  # it says of no picture why


def test_the_overview_says_the_reason_that_stands(acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, HARMLESS)

    page = acme.client.get(acme.url()).text

    assert "Said by the caption." in page
    assert "Said at first." not in page


def test_the_risk_filter_goes_by_what_stands(staff: Client, acme: Customer, site: Site) -> None:
    revised, recorded = waiting(acme, site), waiting(acme, site)
    hear(acme, revised, HARMLESS)
    hear(acme, revised, {"reason": "Of no risk it says nothing."}, kind="noted")
    stranger = samples.customer("Borealis")
    theirs = waiting(stranger, samples.site(stranger))
    hear(stranger, theirs, HARMLESS)

    def listed(level: str) -> list[int]:
        return [
            one["id"]
            for one in api.data(api.owner(acme).get(f"{api.DECISIONS}?risk_level={level}"))["results"]
        ]

    assert (listed("minimal"), listed("low"), listed("high")) == ([revised.pk], [recorded.pk], [])

    def shown(level: str) -> list[int]:
        answer = staff.get("/admin/moderation/decision/", {"risk_level": level})
        return [row.pk for row in answer.context["cl"].result_list]

    assert (shown("minimal"), shown("low")) == ([theirs.pk, revised.pk], [recorded.pk])


def test_the_admins_list_says_the_risk_that_stands(staff: Client, acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, HARMLESS)

    for path in ("admin:moderation_decision_changelist", "admin:moderation_decision_change"):
        page = staff.get(reverse(path, args=[decision.pk] if path.endswith("change") else [])).text
        assert "12.5" in page
        assert "minimal" in page
        assert "22.5" not in page


def test_the_admin_says_what_stands(staff: Client, acme: Customer, site: Site) -> None:
    decision = waiting(acme, site)
    hear(acme, decision, HARMLESS)

    page = staff.get(reverse("admin:moderation_decision_change", args=[decision.pk])).text

    assert "Said by the caption." in page
    assert "Said at first." not in page
    assert "pending" not in page
