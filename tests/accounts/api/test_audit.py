"""The audit trail through HTTP: filters, pages, and whose it is."""

from typing import Any

import pytest

from accounts.services import audit
from musenest.common.actors import SYSTEM, Actor
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

AUDIT = "/api/audit"
ANNA = Actor(kind="person", id="anna", label="anna@acme.test")


def record(of: Customer, action: str, by: Actor = ANNA) -> None:
    with of.scope():
        audit.record(
            action,
            by=by,
            target=of.organization,
            organization=of.organization.pk,
            changes={"name": ["<b>", "=1+1"]},
        )


def actions(of: Customer, **query: Any) -> list[str]:
    return [each["action"] for each in api.data(api.owner(of).get(AUDIT, query))["results"]]


def test_a_row_tells_who_did_what_to_what(acme: Customer) -> None:
    record(acme, "test.done")

    row = api.data(api.owner(acme).get(AUDIT))["results"][0]

    assert row["action"] == "test.done"
    assert row["actor"] == {"kind": "person", "id": "anna", "label": "anna@acme.test"}
    assert row["target"] == {"type": "organization", "id": str(acme.organization.pk), "label": "Acme"}
    assert row["changes"] == {"name": ["<b>", "=1+1"]}


def test_filters_leave_what_fits(acme: Customer) -> None:
    record(acme, "test.one")
    record(acme, "test.two", SYSTEM)
    now = api.data(api.owner(acme).get(AUDIT))["results"][0]["created_at"]

    assert actions(acme, action="test.one") == ["test.one"]
    assert actions(acme, actor="anna") == actions(acme, actor="anna@acme.test") == ["test.one"]
    assert actions(acme, target_type="organization", actor="MuseNest")[0] == "test.two"
    assert actions(acme, target="nothing") == []
    assert actions(acme, created_at_after=now) == ["test.two"]
    assert "test.two" not in actions(acme, created_at_before=now)


@pytest.mark.parametrize("query", [{"created_at_after": "yesterday"}, {"created_at_before": "9" * 40}])
def test_a_filter_that_is_nonsense_is_refused(acme: Customer, query: dict[str, str]) -> None:
    assert api.owner(acme).get(AUDIT, query).status_code == 422


def test_pages_follow_each_other(acme: Customer) -> None:
    for number in range(5):
        record(acme, f"test.{number}")

    first = api.data(api.owner(acme).get(AUDIT, {"page_size": 2}))
    second = api.data(api.owner(acme).get(first["next"]))

    assert [each["action"] for each in first["results"]] == ["test.4", "test.3"]
    assert second["results"][0]["action"] == "test.2"


def test_a_strangers_rows_are_not_there(acme: Customer) -> None:
    record(samples.customer("Stranger"), "test.secret")

    assert "test.secret" not in actions(acme, page_size=200)
    assert actions(acme, action="test.secret") == []


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("admin", 200), ("reviewer", 403), ("member", 403), ("viewer", 403)]
)
def test_each_role_is_answered_as_the_table_says(acme: Customer, role: str, status: int) -> None:
    assert api.member(acme, role).get(AUDIT).status_code == status


def test_a_key_reads_no_trail(acme: Customer) -> None:
    assert api.with_key(acme, "sites:read").get(AUDIT).status_code == 403
