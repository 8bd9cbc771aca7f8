"""Lists: pages by cursor, orders, sizes, sparse fields."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from accounts.models import Organization, WebhookEndpoint
from musenest.common import tenancy
from tests import samples
from tests.samples import api

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.musenest.common.api.things")]

LIST = "/api/list"


def cursor(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.fixture
def urls(organization: Organization) -> list[str]:
    """Of this organisation, newest first; and one of another."""
    samples.endpoint(samples.organization(), "https://foreign.test/")
    for number in range(5):
        samples.endpoint(organization, f"https://{number}.test/")
    return [f"https://{number}.test/" for number in (4, 3, 2, 1, 0)]


def test_pages_hold_every_row_of_the_organization_once(member: APIClient, urls: list[str]) -> None:
    first = api.data(member.get(LIST, {"page_size": 2}))

    assert first.keys() == {"results", "next", "previous"}
    assert (len(first["results"]), first["previous"]) == (2, None)
    assert [row["url"] for row in api.walked(member, LIST)] == urls


def test_a_row_that_comes_or_goes_meanwhile_moves_no_page(
    member: APIClient, organization: Organization, urls: list[str]
) -> None:
    first = api.data(member.get(LIST, {"page_size": 2}))
    samples.endpoint(organization, "https://new.test/")
    remove(organization, urls[1])

    assert [row["url"] for row in api.data(member.get(first["next"]))["results"]] == urls[2:4]


def test_a_page_that_is_empty_by_now_leads_to_the_end_of_the_list(
    member: APIClient, organization: Organization, urls: list[str]
) -> None:
    first = api.data(member.get(LIST, {"page_size": 3}))
    remove(organization, *urls[3:])

    empty = api.data(member.get(first["next"]))

    assert (empty["results"], empty["next"]) == ([], None)
    assert [row["url"] for row in api.data(member.get(empty["previous"]))["results"]] == urls[:3]


def remove(organization: Organization, *urls: str) -> None:
    with tenancy.organization(organization.pk):
        WebhookEndpoint.objects.filter(url__in=urls).delete()


def test_a_list_is_ordered_by_what_the_view_allows(member: APIClient, urls: list[str]) -> None:
    def listed(ordering: str) -> list[str]:
        return [row["url"] for row in api.walked(member, LIST, ordering=ordering)]

    assert listed("url") == sorted(urls)
    assert listed("-url") == listed("-url,created_at") == sorted(urls, reverse=True)
    assert listed("") == urls


def test_a_name_counts_once_however_often_it_is_named(member: APIClient, urls: list[str]) -> None:
    """Each would make the question after the next page longer by all those before it."""
    page = api.data(member.get(LIST, {"ordering": ",".join(["url", "-url"] * 200), "page_size": "2"}))

    (given,) = parse_qs(urlsplit(page["next"]).query)["cursor"]
    assert len(json.loads(urlsafe_b64decode(given))) == len(["is back", "url", "id"])
    assert [row["url"] for row in page["results"]] == sorted(urls)[:2]


@pytest.mark.parametrize(
    "ordering", ["secret", "organization__slug", "url,", "-", "--url", "url,secret", "\0"]
)
def test_another_order_is_refused(member: APIClient, urls: list[str], ordering: str) -> None:
    found = api.error(member.get(LIST, {"ordering": ordering}), 422)

    assert (found["code"], found["details"]["field"]) == ("ORDERING_UNKNOWN", "ordering")
    assert found["message"] == "ordering: This list goes by url, created_at, is_active."


@pytest.mark.parametrize("ordering", ["url", "-url", "-is_active,url", "is_active,-created_at"])
def test_rows_that_are_equal_in_the_order_are_all_listed(
    member: APIClient, organization: Organization, ordering: str
) -> None:
    for number in range(7):
        samples.endpoint(organization, "https://same.test/" if number % 3 else "https://other.test/")

    found = [row["id"] for row in api.walked(member, LIST, ordering=ordering)]

    assert len(set(found)) == len(found) == 7


def test_more_equal_rows_than_any_offset_are_all_listed(
    member: APIClient, organization: Organization
) -> None:
    with tenancy.organization(organization.pk):
        same = [WebhookEndpoint(organization=organization, url="https://same.test/") for _ in range(1250)]
        WebhookEndpoint.objects.bulk_create(same)

    found = [row["id"] for row in api.walked(member, LIST, ordering="url", page_size=200)]

    assert len(set(found)) == len(found) == 1250


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("0", 5), ("-1", 5), ("x", 5), ("1000000", 5)])
def test_a_page_has_a_sensible_size(member: APIClient, urls: list[str], asked: str, given: int) -> None:
    assert len(api.rows(member, LIST, page_size=asked)) == given


# The list's order is `-created_at`, then `-id`: a cursor has a direction and two values.
FORGED = [
    *("p", "cD1hYmM=", "AA==", "%%%", "ÿ", urlsafe_b64encode(b"[" * 5000).decode()),
    *(cursor(), cursor(None), cursor(0, "a", "b"), cursor(False, "a", "b"), cursor(False, "a", "b", "c")),
    *(
        cursor(False, "99999-99-99", "b"),
        cursor(True, "2026-01-01T00:00Z", "\0"),
        cursor(False, "2026-01-01", 1),
    ),
    *(cursor(False, ["a"], {}), urlsafe_b64encode(b"7").decode(), urlsafe_b64encode(b'{"a": 1}').decode()),
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_cursor_is_refused(member: APIClient, urls: list[str], forged: str) -> None:
    assert api.code(member.get(LIST, {"cursor": forged}), 404) == "NOT_FOUND"


def test_a_cursor_of_another_order_is_refused(member: APIClient, urls: list[str]) -> None:
    first = api.data(member.get(LIST, {"page_size": 2}))

    assert api.code(member.get(f"{first['next']}&ordering=url,created_at"), 404) == "NOT_FOUND"


def test_a_cursor_without_values_shows_no_row_of_others(member: APIClient, urls: list[str]) -> None:
    answer = member.get(LIST, {"cursor": cursor(False, None, None)})

    assert [
        row["url"] for row in api.data(answer)["results"]
    ] == urls  # what comes after rows without a moment


def test_fields_make_an_answer_sparse(member: APIClient, urls: list[str]) -> None:
    def keys(fields: str) -> set[str]:
        found: dict[str, Any] = member.get(f"/api/list?fields={fields}").json()["data"]["results"][0]
        return set(found)

    assert keys("url") == {"url"}
    assert keys("url,nonsense") == {"url"}
    assert keys("nonsense") == keys("") == {"id", "url"}
