from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Role
from accounts.services import audit
from musenest.common import pages
from musenest.common.actors import SYSTEM, Actor
from tests.samples import Customer, member, site

pytestmark = pytest.mark.django_db

ANNA = Actor(kind="person", id="1", label="anna@acme.test")


def recorded(of: Customer, action: str = "site.updated", by: Actor = ANNA, **changes: object) -> AuditEvent:
    with of.scope():
        return audit.record(
            action, by=by, target=of.organization, organization=of.organization.pk, changes=changes
        )


def rows_of(client: Client, address: str) -> list[AuditEvent]:
    found: list[AuditEvent] = client.get(address).context["page"].rows
    return found


def test_page_tells_who_did_what_with_before_and_after(acme: Customer) -> None:
    recorded(acme, "membership.role_changed", role=["viewer", "admin"])
    page = acme.client.get(acme.url("audit")).text
    assert "Role changed" in page
    assert "anna@acme.test" in page
    assert "<del>viewer</del>" in page
    assert "<ins>admin</ins>" in page


def test_action_without_words_is_shown_by_its_name(acme: Customer) -> None:
    recorded(acme, "webhook_endpoint.made")
    assert "Webhook endpoint made" in acme.client.get(acme.url("audit")).text


def test_list_of_two_scopes_is_one_value(acme: Customer) -> None:
    recorded(acme, "api_key.created", scopes=["analyze", "deploy"])
    assert "<ins>analyze, deploy</ins>" in acme.client.get(acme.url("audit")).text


def test_strangers_events_are_not_there(acme: Customer, borealis: Customer) -> None:
    recorded(borealis, "site.deleted")
    assert "site.deleted" not in {event.action for event in rows_of(acme.client, acme.url("audit"))}
    assert acme.client.get(borealis.url("audit")).status_code == 404
    assert "site.deleted" in {event.action for event in rows_of(borealis.client, borealis.url("audit"))}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.ADMIN, 200), (Role.REVIEWER, 403), (Role.MEMBER, 403), (Role.VIEWER, 403)],
)
def test_page_by_role(acme: Customer, role: str, status: int) -> None:
    assert member(acme, role).get(acme.url("audit")).status_code == status


def test_filter_by_person(acme: Customer) -> None:
    recorded(acme)
    recorded(acme, by=SYSTEM)
    rows = rows_of(acme.client, acme.url("audit?who=anna@acme.test"))
    assert [event.actor_label for event in rows] == ["anna@acme.test"]


def test_filter_by_action(acme: Customer) -> None:
    site(acme)
    recorded(acme)
    rows = rows_of(acme.client, acme.url("audit?action=site.created"))
    assert [event.action for event in rows] == ["site.created"]


def test_filter_by_day_counts_in_the_persons_time_zone(acme: Customer) -> None:
    acme.owner.time_zone = "Pacific/Auckland"  # there it is the 2nd since 11 o'clock UTC
    with acme.scope():
        acme.owner.save()
    with time_machine.travel(datetime(2030, 3, 1, 12, tzinfo=UTC), tick=False):
        event = recorded(acme)
    assert rows_of(acme.client, acme.url("audit?since=2030-03-02&until=2030-03-02")) == [event]
    assert event not in rows_of(acme.client, acme.url("audit?until=2030-03-01"))


@pytest.mark.parametrize(
    "asked", ["since=never", "until=9999-12-31", "since=0001-01-01", "action=nothing", f"who={'x' * 300}"]
)
def test_filter_that_makes_no_sense_finds_nothing_and_says_so(acme: Customer, asked: str) -> None:
    recorded(acme)
    response = acme.client.get(acme.url(f"audit?{asked}"))
    assert response.status_code == 200
    assert response.context["page"].rows == []
    assert response.context["form"].errors


def test_pages_show_every_row_once_while_new_ones_come(
    acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SIZE", 3)
    for number in range(7):
        recorded(acme, number=number)
    first = acme.client.get(acme.url("audit?action=site.updated")).context["page"]
    recorded(acme, number=7)
    second = acme.client.get(acme.url(f"audit{first.older}")).context["page"]
    third = acme.client.get(acme.url(f"audit{second.older}")).context["page"]
    seen = [row.changes["number"] for page in (first, second, third) for row in page.rows]
    assert seen == [6, 5, 4, 3, 2, 1, 0]
    assert third.older == ""
    back = acme.client.get(acme.url(f"audit{second.newer}")).context["page"]
    assert [row.changes["number"] for row in back.rows] == [6, 5, 4]
    newest = acme.client.get(acme.url(f"audit{back.newer}")).context["page"]
    assert [row.changes["number"] for row in newest.rows] == [7]


@pytest.mark.parametrize(
    "cursor", ["older=x", "newer=-1", "older=99999999999999999999", f"older={'0' * 5000}", "older=²"]
)
def test_damaged_cursor_is_400(acme: Customer, cursor: str) -> None:
    assert acme.client.get(acme.url(f"audit?{cursor}")).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        recorded(acme)
    with django_assert_num_queries(4):  # session, person, membership, events
        acme.client.get(acme.url("audit"))


@pytest.mark.parametrize(
    "value",
    ["<script>alert(1)</script>", "=HYPERLINK(1)", "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe", "x" * 10_000],
)
def test_any_text_is_harmless(acme: Customer, value: Any) -> None:
    recorded(acme, by=Actor("person", "1", value[:255]), name=["", value], about={"deep": [value]})
    response = acme.client.get(acme.url("audit"))
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert len(response.content) < 60_000
    assert f"<bdi>{value[:20]}" in response.text or "&lt;script&gt;" in response.text


def test_nothing_done_yet_leads_nowhere_wrong(acme: Customer) -> None:
    page = acme.client.get(acme.url("audit?since=2000-01-01&until=2000-01-02")).text
    assert "Nothing fits this filter" in page


def test_a_plan_that_was_asked_for_is_told_in_the_readers_words(acme: Customer) -> None:
    recorded(acme, "plan.requested", tier="premium", display_name="Premium", message="We grow.")
    with acme.scope():
        acme.owner.locale = "de"
        acme.owner.save()
    page = acme.client.get(acme.url("audit?action=plan.requested")).text
    assert "Tarif gewünscht" in page
    assert '<option value="plan.requested" selected>' in page
    assert "Nachricht" in page
