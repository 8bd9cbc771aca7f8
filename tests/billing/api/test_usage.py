"""What an organisation used: the list, the totals, and what it reports itself."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Role
from billing.models import UsageRecord
from billing.services import usage
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

TRACK, USAGE, SUMMARY = "/api/billing/track-usage", "/api/billing/usage", "/api/billing/usage/summary"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def stranger() -> Customer:
    other = samples.customer("Borealis", tier="premium")
    recorded(other, "theirs")
    return other


def recorded(of: Customer, usage_type: str, **fields: Any) -> UsageRecord:
    with of.scope():
        return usage.record(organization=of.organization, usage_type=usage_type, **fields)


def listed(client: Any, query: str = "") -> list[str]:
    return [row["usage_type"] for row in api.data(client.get(f"{USAGE}{query}"))["results"]]


def test_a_report_is_kept_with_the_defaults(acme: Customer, stranger: Customer) -> None:
    found = api.data(api.owner(acme).post(TRACK, {"usage": 3}), 201)
    assert found["usage_type"] == "component_generation"
    assert (found["request_count"], found["tokens_used"], found["cost_cents"]) == (3, 0, 0)
    assert (found["response_time_ms"], found["site"], found["metadata"]) == (None, None, {})
    assert found["billing_period"] == timezone.now().date().isoformat()
    assert (found["user"], found["mode"]) == (str(acme.owner.pk), "live")
    assert listed(api.owner(acme)) == ["component_generation"]
    assert listed(api.owner(stranger)) == ["theirs"]


def test_a_report_in_full_and_in_the_documents_spelling(acme: Customer) -> None:
    samples.server()
    site = samples.site(acme)
    body = {
        "usageType": "thumbnail_rendering",
        "requestCount": 2,
        "responseTimeMs": 120,
        "tokensUsed": 7,
        "siteConfigId": str(site.pk),
        "userId": str(acme.owner.pk),
        "metadata": {"Batch": "a", "deep": {"camelCase": 1}},
    }
    found = api.data(api.owner(acme).post(TRACK, body), 201)
    assert (found["usage_type"], found["request_count"]) == ("thumbnail_rendering", 2)
    assert (found["response_time_ms"], found["tokens_used"]) == (120, 7)
    assert (found["site"], found["metadata"]) == (str(site.pk), body["metadata"])


def test_a_program_reports_for_nobody(acme: Customer) -> None:
    assert api.data(api.with_key(acme, "analyze").post(TRACK, {}), 201)["user"] is None


def test_a_report_counts_against_no_limit(acme: Customer) -> None:
    api.data(api.owner(acme).post(TRACK, {"usage": 9_999}), 201)
    quota = api.data(api.owner(acme).get(SUMMARY))["quota"]
    assert (quota["used"], quota["left"]) == (0, 10_000)


@pytest.mark.parametrize("usage_type", ["analysis", "config_deployment", "ai_generation"])
def test_what_is_counted_by_us_cannot_be_reported(acme: Customer, usage_type: str) -> None:
    answer = api.owner(acme).post(TRACK, {"usage_type": usage_type})
    assert api.code(answer, 422) == "USAGE_TYPE_RESERVED"
    assert listed(api.owner(acme)) == []


@pytest.mark.parametrize(
    "body",
    [
        {"usage_type": "Not A Type"},
        {"usage_type": "a" * 41},
        {"usage_type": "trailing_"},
        {"usage_type": "a\nb"},
        {"usage_type": ""},
        {"usage": 0},
        {"usage": -1},
        {"usage": 10**7},
        {"usage": 1, "request_count": 1},
        {"tokens_used": -1},
        {"response_time_ms": 10**9},
        {"site_config_id": "acme"},
        {"metadata": []},
        {"metadata": {"a": "x" * 4096}},
    ],
)
def test_what_makes_no_sense_is_refused(acme: Customer, body: dict[str, Any]) -> None:
    assert api.code(api.owner(acme).post(TRACK, body), 422) == "VALIDATION_ERROR"
    assert listed(api.owner(acme)) == []


def test_metadata_that_is_nested_too_deeply_is_refused(acme: Customer) -> None:
    """Where exactly a stack ends depends on who calls: somewhere here what is read cannot be written."""
    client = api.owner(acme)
    for depth in (32, *range(600, 950, 4)):
        body = f'{{"metadata": {{"a": {"[" * depth}{"]" * depth}}}}}'
        answer = client.post(TRACK, body, content_type="application/json")
        assert (answer.status_code, api.code(answer, answer.status_code)) in {
            (422, "NESTED_TOO_DEEPLY"),
            (400, "MALFORMED"),
        }
    assert listed(client) == []


@pytest.mark.parametrize(
    "name",
    ["organization", "organization_id", "cost_cents", "credits", "mode", "billing_period", "id", "tier"],
)
def test_a_field_that_is_not_the_callers_to_set_is_named(acme: Customer, name: str) -> None:
    answer = api.owner(acme).post(TRACK, {"usage": 1, name: 1})
    assert api.error(answer, 422)["details"]["field"] == name
    assert listed(api.owner(acme)) == []


def test_somebody_elses_site_and_person_do_not_exist(acme: Customer, stranger: Customer) -> None:
    samples.server()
    theirs = samples.site(stranger)
    for pk in (theirs.pk, NOBODY):
        answer = api.owner(acme).post(TRACK, {"site_config_id": str(pk)})
        assert api.code(answer, 404) == "SITE_UNKNOWN"
    for pk in (stranger.owner.pk, NOBODY):
        assert api.code(api.owner(acme).post(TRACK, {"user_id": str(pk)}), 404) == "PERSON_UNKNOWN"
    answer = api.with_key(acme, "analyze").post(TRACK, {"user_id": str(acme.owner.pk)})
    assert api.code(answer, 404) == "PERSON_UNKNOWN"


def test_who_may_report_and_read(acme: Customer) -> None:
    assert api.code(api.anonymous().post(TRACK, {}), 401) == "NOT_SIGNED_IN"
    assert api.code(api.member(acme, Role.VIEWER).post(TRACK, {}), 403) == "DENIED"
    assert api.code(api.with_key(acme, "billing:read").post(TRACK, {}), 403) == "DENIED"
    for path in (USAGE, SUMMARY):
        assert api.code(api.anonymous().get(path), 401) == "NOT_SIGNED_IN"
        assert api.code(api.with_key(acme, "analyze").get(path), 403) == "DENIED"
        api.data(api.with_key(acme, "billing:read").get(path))


def test_the_list_is_filtered_and_paged(acme: Customer, stranger: Customer) -> None:
    today, site = timezone.now().date(), uuid4()
    recorded(acme, "a", site=site)
    recorded(acme, "b")
    client = api.owner(acme)
    assert listed(client) == ["b", "a"]
    assert listed(client, "?usage_type=a") == ["a"]
    assert listed(client, f"?site={site}") == ["a"]
    assert listed(client, f"?billing_period_after={today}") == ["b", "a"]
    assert listed(client, f"?billing_period_before={today}") == []
    first = api.data(client.get(f"{USAGE}?page_size=1&fields=usage_type"))
    assert first["results"] == [{"usage_type": "b"}]
    assert api.data(client.get(first["next"]))["results"] == [{"usage_type": "a"}]
    assert api.code(client.get(f"{USAGE}?mode=other"), 422) == "VALIDATION_ERROR"


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_one_query_beside_the_callers(acme: Customer, size: int) -> None:
    for _ in range(3):
        recorded(acme, "a")
    client = api.owner(acme)
    with api.counted() as statements:
        assert len(api.data(client.get(f"{USAGE}?page_size={size}"))["results"]) == size
    assert sum("ai_usage_tracking" in statement for statement in statements) == 1


def test_totals_leave_out_what_was_taken_back(acme: Customer, stranger: Customer) -> None:
    with acme.scope():
        done = usage.reserve(organization=acme.organization, key="1")
        usage.finish(done, response_time_ms=30)
        usage.finish(usage.reserve(organization=acme.organization, key="2"), response_time_ms=50)
        usage.void(usage.reserve(organization=acme.organization, key="3"), reason="SERVER_BUSY")
    api.data(api.owner(acme).post(TRACK, {"usage": 4, "tokens_used": 9}), 201)
    found = api.data(api.owner(acme).get(SUMMARY))
    analysis, reported = found["totals"]
    assert analysis == {
        "usage_type": "analysis",
        "total_requests": 2,
        "total_count": 2,
        "avg_response_time": 40.0,
        "tokens_used": 0,
    }
    assert (reported["total_requests"], reported["total_count"], reported["tokens_used"]) == (1, 4, 9)
    assert (found["quota"]["used"], found["quota"]["limit"]) == (2, 10_000)


def test_totals_of_some_days(acme: Customer) -> None:
    today = timezone.now().date()
    recorded(acme, "a")
    yesterday = today - timedelta(days=1)
    client = api.owner(acme)
    found = api.data(client.get(SUMMARY))
    assert (found["since"], found["until"]) == ((today - timedelta(days=29)).isoformat(), today.isoformat())
    assert api.data(client.get(f"{SUMMARY}?since={yesterday}&until={yesterday}"))["totals"] == []
    assert len(api.data(client.get(f"{SUMMARY}?since={today}"))["totals"]) == 1
    year = api.data(client.get(f"{SUMMARY}?since=2024-01-01&until=2024-12-31"))
    assert (year["since"], year["until"], year["totals"]) == ("2024-01-01", "2024-12-31", [])


@pytest.mark.parametrize(
    "query",
    [
        "since=2024-01-01&until=2025-01-01",
        "since=2024-01-02&until=2024-01-01",
        "since=soon",
        "since=1900-01-01",
        "since=9999-12-31",
        "until=0001-01-01",
        "since=0001-01-01&until=0001-01-02",
    ],
)
def test_days_that_no_summary_can_have_are_refused(acme: Customer, query: str) -> None:
    assert api.code(api.owner(acme).get(f"{SUMMARY}?{query}"), 422) == "VALIDATION_ERROR"


def test_uses_of_the_test_mode_are_apart(acme: Customer) -> None:
    api.data(api.owner(acme).post(TRACK, {"usage_type": "real"}), 201)
    program = api.with_key(acme, "analyze", "billing:read", mode="test")
    assert api.data(program.post(TRACK, {"usage_type": "tried"}), 201)["mode"] == "test"
    assert listed(api.owner(acme)) == ["real"]
    assert listed(api.owner(acme), "?mode=test") == ["tried"]
    assert listed(program) == ["tried"]
    assert listed(program, "?mode=live") == []
    assert [total["usage_type"] for total in api.data(api.owner(acme).get(SUMMARY))["totals"]] == ["real"]
    assert [total["usage_type"] for total in api.data(program.get(SUMMARY))["totals"]] == ["tried"]
