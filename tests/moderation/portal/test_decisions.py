from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from moderation.models import Decision, DecisionEvent, Server, Site
from musenest.common import pages
from tests.samples import Customer, customer, decision, deployed, member

pytestmark = pytest.mark.django_db


def listed(client: Client, address: str) -> list[int]:
    response = client.get(address)
    assert response.status_code == 200
    return [row.pk for row in response.context["page"].rows]


def test_index_of_nothing_offers_a_try(acme: Customer) -> None:
    text = acme.client.get(acme.url("decisions")).text
    assert "Nothing decided yet" in text


def test_index_says_why_in_words_of_people(acme: Customer, family: Site) -> None:
    details = {"usage_intent": "public_site"}
    reason = {"code": "INTENT_UNKNOWN", "message": "No usage intent 'public_site'.", "details": details}
    made = decision(acme, family, reasons=[reason], external_id="upload-7")
    text = acme.client.get(acme.url("decisions")).text
    assert "does not have the use “Public pages”" in text
    assert "upload-7" in text
    assert "without caption" in text
    assert acme.url(f"decisions/{made.pk}") in text
    assert "does not have the use “Public pages”" in acme.client.get(acme.url()).text


def test_index_lists_own_decisions_only(acme: Customer, family: Site, local: Server) -> None:
    borealis = customer("Borealis")
    theirs = decision(borealis, deployed(borealis, "borealis"))
    ours = decision(acme, family)
    assert listed(acme.client, acme.url("decisions")) == [ours.pk]
    assert listed(borealis.client, borealis.url("decisions")) == [theirs.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_index_takes_the_same_queries_for_any_number(
    acme: Customer, family: Site, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        decision(acme, family)
    with django_assert_num_queries(5):  # session, person, membership, sites of the filter, decisions
        acme.client.get(acme.url("decisions"))


def test_index_filters(acme: Customer, family: Site) -> None:
    market = deployed(acme, "acme-market", "marketplace")
    now = timezone.now()
    rejected = decision(acme, family, created_at=now, external_id="upload-1")
    approved = decision(acme, market, "approved", created_at=now + timedelta(days=2))
    decisions = acme.url("decisions")
    assert listed(acme.client, f"{decisions}?site=acme-market") == [approved.pk]
    assert listed(acme.client, f"{decisions}?decision=rejected") == [rejected.pk]
    assert listed(acme.client, f"{decisions}?external_id=upload-1") == [rejected.pk]
    assert listed(acme.client, f"{decisions}?external_id=upload") == []
    between = f"{now + timedelta(days=1):%Y-%m-%d}"
    assert listed(acme.client, f"{decisions}?since={between}") == [approved.pk]
    assert listed(acme.client, f"{decisions}?until={between}") == [rejected.pk]
    assert listed(acme.client, f"{decisions}?until={now + timedelta(days=2):%Y-%m-%d}") == [
        approved.pk,
        rejected.pk,
    ]
    assert "Nothing fits this filter" in acme.client.get(f"{decisions}?decision=flagged").text


def test_test_decisions_are_shown_where_they_are_asked_for(acme: Customer, family: Site) -> None:
    live, tried = decision(acme, family), decision(acme, family, mode="test")
    decisions, marked = acme.url("decisions"), "</svg>Test</span>"
    assert listed(acme.client, decisions) == [live.pk]
    assert marked not in acme.client.get(decisions).text
    assert listed(acme.client, f"{decisions}?mode=test") == [tried.pk]
    text = acme.client.get(f"{decisions}?mode=test").text
    assert marked in text
    assert f'href="{decisions}/{tried.pk}?mode=test"' in text
    assert acme.client.get(f"{decisions}/{tried.pk}").status_code == 404
    assert marked in acme.client.get(f"{decisions}/{tried.pk}?mode=test").text
    borealis = customer("Borealis")
    assert borealis.client.get(f"{decisions}/{tried.pk}?mode=test").status_code == 404


@pytest.mark.parametrize("query", ["mode=odd", "since=tomorrow", "decision=odd", "site=elsewhere"])
def test_index_says_what_is_wrong_with_a_filter(acme: Customer, family: Site, query: str) -> None:
    decision(acme, family)
    response = acme.client.get(acme.url(f"decisions?{query}"))
    assert response.context["form"].errors
    assert response.context["page"].rows == []


def test_pages_show_every_row_once_in_both_directions(
    acme: Customer, family: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SIZE", 2)
    moment = timezone.now()  # the same for all: the id decides
    rows = [decision(acme, family, created_at=moment).pk for _ in range(5)][::-1]
    seen, query, addresses = [], "", []
    while True:
        page = acme.client.get(acme.url(f"decisions{query}")).context["page"]
        seen += [row.pk for row in page.rows]
        addresses.append(page)
        if not page.older:
            break
        query = page.older
    assert seen == rows
    back = acme.client.get(acme.url(f"decisions{addresses[-1].newer}")).context["page"]
    assert [row.pk for row in back.rows] == rows[2:4]
    first = acme.client.get(acme.url(f"decisions{back.newer}")).context["page"]
    assert [row.pk for row in first.rows] == rows[:2]
    assert first.newer == ""


def test_pages_keep_the_filter(acme: Customer, family: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SIZE", 1)
    decision(acme, family)
    decision(acme, family)
    page = acme.client.get(acme.url("decisions?decision=rejected")).context["page"]
    assert "decision=rejected" in page.older


@pytest.mark.parametrize(
    "cursor", ["x", "2026-11-21~5", "2026-13-41T00:00:00+00:00~5", "2026-11-21T00:00:00+00:00~x"]
)
def test_damaged_cursor_is_400(acme: Customer, cursor: str) -> None:
    assert acme.client.get(acme.url("decisions"), {"older": cursor}).status_code == 400


def test_detail_explains_everything_and_shows_no_picture(acme: Customer, family: Site) -> None:
    made = decision(acme, family, server_answer={"secret": "figure"}, perceptual_hash="b" * 64)
    with acme.scope():
        DecisionEvent.objects.create(
            organization_id=acme.organization.pk,
            decision_id=made.pk,
            kind="caption_answered",
            decision="rejected",
            created_by="caption",
        )
    text = acme.client.get(acme.url(f"decisions/{made.pk}")).text
    for words in (
        "This picture must not be shown.",
        "Reason of acme-family.",
        "A stage is missing",
        "Exposed buttocks",
        "83.5 % reaches the threshold of 20 %",
        "The caption came: rejected",
        "Public pages",
        "a" * 64,
        "400 × 300",
        "It was decided by a program",
        "Name the decision&#x27;s number",
        "Describing the picture in words",
        "It rejects from",
        "Made by",
    ):
        assert words in text
    assert "<img" not in text


def test_detail_of_what_nobody_could_assess(acme: Customer, family: Site) -> None:
    made = decision(
        acme,
        family,
        "flagged",
        labels=[],
        scored=[],
        final_risk_score=None,
        nudity_score=None,
        threshold=None,
        stages_done=[],
        stages_missing=["detection", "caption"],
    )
    text = acme.client.get(acme.url(f"decisions/{made.pk}")).text
    assert "A person has to look" in text
    assert "No detector looked at the picture." in text
    assert "a picture that nothing looked at is held for a person" in text
    assert "a detector looked for parts" not in text
    assert "Highest score times weight" not in text


def test_a_fixed_answer_is_explained_as_one(acme: Customer, family: Site) -> None:
    made = decision(acme, family, mode="test")
    text = acme.client.get(acme.url(f"decisions/{made.pk}?mode=test")).text
    assert "It is a fixed answer of the test mode" in text
    assert "a detector looked for parts" not in text


def test_stranger_finds_no_decision(acme: Customer, family: Site) -> None:
    borealis = customer("Borealis")
    made = decision(acme, family)
    for address in (acme.url(f"decisions/{made.pk}"), borealis.url(f"decisions/{made.pk}")):
        response = borealis.client.get(address)
        assert response.status_code == 404
        assert "Reason of" not in response.text


def test_escalated_is_seen_only_with_the_grant(acme: Customer, family: Site) -> None:
    made: Decision = decision(acme, family, is_escalated=True, is_preserve=True)
    granted = member(acme, Role.MEMBER, child_safety=True)
    address = acme.url(f"decisions/{made.pk}")
    assert acme.client.get(address).status_code == 404
    assert listed(acme.client, acme.url("decisions")) == []
    assert "Keep the original" in granted.get(address).text
    assert listed(granted, acme.url("decisions")) == [made.pk]
