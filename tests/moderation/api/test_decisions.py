"""What was decided, for who may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role
from moderation.models import Decision, DecisionEvent, Site
from tests import samples
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]


@pytest.fixture
def theirs() -> Decision:
    """A decision of another organisation, with figures like ours."""
    stranger = samples.customer("Borealis")
    return samples.decision(
        stranger, samples.deployed(stranger, "theirs"), external_id="x", image_hash="b" * 64
    )


def decide(of: Customer, kind: str = "rejected", **fields: Any) -> Decision:
    with of.scope():
        site = Site.objects.order_by("site_identifier").first()
    assert site
    return samples.decision(of, site, kind, **fields)


def ids(client: Any, query: str = "") -> list[int]:
    return [one["id"] for one in api.data(client.get(f"{api.DECISIONS}?{query}"))["results"]]


def test_the_list_shows_the_newest_first_with_everything_that_led_to_it(
    acme: Customer, theirs: Decision
) -> None:
    first, second = decide(acme), decide(acme, "approved")
    client = api.with_key(acme, "analyze")
    assert ids(client) == [second.pk, first.pk]
    found = api.data(client.get(api.DECISIONS))["results"][1]
    assert (found["decision"], found["standing"], found["site_identifier"]) == (
        "rejected",
        "rejected",
        "acme-family",
    )
    assert found["scored"] == first.scored
    assert found["detected_parts"] == {"BUTTOCKS_EXPOSED": 83.5}
    assert "server_answer" not in found


def test_one_decision_comes_with_its_events(acme: Customer) -> None:
    decision = decide(acme, "flagged")
    with acme.scope():
        DecisionEvent.objects.create(
            organization_id=acme.organization.pk,
            decision_id=decision.pk,
            kind="caption_answered",
            decision="rejected",
            data={"a": 1},
            created_by="MuseNest",
        )
    found = api.data(api.owner(acme).get(f"{api.DECISIONS}/{decision.pk}"))
    assert (found["decision"], found["standing"]) == ("flagged", "rejected")
    (event,) = found["events"]
    assert (event["kind"], event["decision"], event["data"]) == ("caption_answered", "rejected", {"a": 1})


def test_filters_find_what_they_name(acme: Customer, theirs: Decision) -> None:
    samples.deployed(acme, "b-site")
    old = decide(acme, created_at=timezone.now() - timedelta(hours=3))
    approved = decide(acme, "approved", risk_level="low", external_id="x")
    hashed = decide(acme, image_hash="b" * 64)
    client = api.owner(acme)
    site_pk = str(old.site_id)
    two_hours_ago = (timezone.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ids(client, "decision=approved") == [approved.pk]
    assert ids(client, "risk_level=low") == [approved.pk]
    assert ids(client, "external_id=x") == [approved.pk]
    assert ids(client, f"image_hash={'b' * 64}") == [hashed.pk]
    assert ids(client, f"created_at_before={two_hours_ago}") == [old.pk]
    assert ids(client, f"created_at_after={two_hours_ago}") == [hashed.pk, approved.pk]
    assert len(ids(client, "site=acme-family")) == len(ids(client, f"site={site_pk}")) == 3
    assert ids(client, "site=b-site") == []
    assert ids(client, "ordering=created_at") == [old.pk, approved.pk, hashed.pk]


def test_a_stranger_finds_nothing_by_path_query_or_filter(acme: Customer, theirs: Decision) -> None:
    client = api.owner(acme)
    assert api.code(client.get(f"{api.DECISIONS}/{theirs.pk}"), 404) == "DECISION_UNKNOWN"
    queries = (
        "",
        f"site={theirs.site_id}",
        "site=theirs",
        "external_id=x",
        f"image_hash={'b' * 64}",
        "decision=rejected",
    )
    for query in queries:
        assert ids(client, query) == []


@pytest.mark.parametrize(
    "query",
    [
        "decision=maybe",
        "risk_level=extreme",
        "created_at_after=yesterday",
        "external_id=%00",
        "site=%00",
        "image_hash=%00",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(acme: Customer, query: str) -> None:
    assert api.code(api.owner(acme).get(f"{api.DECISIONS}?{query}"), 422) == "VALIDATION_ERROR"


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "9223372036854775807"])
def test_an_unknown_number_is_not_found(acme: Customer, pk: str) -> None:
    assert api.code(api.owner(acme).get(f"{api.DECISIONS}/{pk}"), 404) == "DECISION_UNKNOWN"


def test_escalated_ones_are_seen_only_with_the_grant(acme: Customer) -> None:
    hidden = decide(acme, is_escalated=True, is_preserve=True)
    path = f"{api.DECISIONS}/{hidden.pk}"
    for client in (api.owner(acme), api.member(acme, Role.ADMIN), api.member(acme)):
        assert ids(client) == ids(client, f"image_hash={hidden.image_hash}") == []
        assert api.code(client.get(path), 404) == "DECISION_UNKNOWN"
    granted = api.member(acme, Role.REVIEWER, child_safety=True)
    assert ids(granted) == [hidden.pk]
    found = api.data(granted.get(path))
    assert (found["escalated"], found["preserve"]) == (True, True)


def test_who_may_read(acme: Customer) -> None:
    decision = decide(acme)
    for path in (api.DECISIONS, f"{api.DECISIONS}/{decision.pk}"):
        assert api.code(api.anonymous().get(path), 401) == "NOT_SIGNED_IN"
        denied = api.error(api.with_key(acme, "sites:write", "billing:read").get(path), 403)
        assert denied["details"]["permission"] == "decisions:read"
        assert api.data(api.member(acme, Role.VIEWER).get(path))
        assert api.data(api.with_key(acme, "analyze", header="Authorization").get(path))


def test_decisions_of_the_test_mode_are_left_out(acme: Customer) -> None:
    decide(acme, mode="test")
    assert ids(api.owner(acme)) == []


def test_pages_follow_each_other_also_among_equal_instants(acme: Customer) -> None:
    now = timezone.now()
    made = [decide(acme, created_at=now).pk for _ in range(5)]
    client, found, address = api.owner(acme), [], f"{api.DECISIONS}?page_size=2&fields=id"
    while address:
        page = api.data(client.get(address))
        found += [one["id"] for one in page["results"]]
        address = page["next"]
    assert found == made[::-1]


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD1ub3ctaXMtbm8tZGF0ZQ==", "bz05OTk5OTk5OTk5OTk5OTk5OTk5", "cD0lMDA="]
)
def test_a_cursor_that_somebody_changed_is_refused(acme: Customer, cursor: str) -> None:
    decide(acme)
    response = api.owner(acme).get(f"{api.DECISIONS}?cursor={cursor}")
    assert response.status_code in {200, 404}
    if response.status_code == 404:
        assert api.code(response, 404) == "NOT_FOUND"


@pytest.mark.parametrize("size", ["0", "-1", "x", "100000"])
def test_page_sizes_have_a_limit(acme: Customer, size: str) -> None:
    decide(acme)
    assert len(ids(api.owner(acme), f"page_size={size}")) == 1


def test_the_list_takes_as_many_queries_for_one_as_for_three(acme: Customer) -> None:
    for _ in range(3):
        decide(acme)
    client, found = api.owner(acme), []
    for size in (1, 3):
        with api.counted() as statements:
            assert len(api.data(client.get(f"{api.DECISIONS}?page_size={size}"))["results"]) == size
        found.append(len(statements))
    assert found == [2, 2]
