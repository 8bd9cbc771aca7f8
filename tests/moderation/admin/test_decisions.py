"""Decisions in the admin: an escalated one is not there, whichever way staff look (REQUIREMENTS.md, 24)."""

import pytest
from django.test import Client
from django.urls import reverse

from moderation.models import Decision
from musenest.common import tenancy
from tests import samples
from tests.samples import World

LIST = "/admin/moderation/decision/"
EVENTS = "/admin/moderation/decisionevent/"


@pytest.fixture(params=["at once", "by a caption that came later"])
def escalated(request: pytest.FixtureRequest, world: World) -> Decision:
    """In place before anything is looked for; told from the others by its numbers and its SHA-256."""
    is_at_once = request.param == "at once"
    with tenancy.staff():
        found = samples.hidden_decision(
            world.site, is_escalated=is_at_once, image_hash="ee" * 32, external_id="escalated-one"
        )
        samples.hidden_event(found, kind="sealed-case", is_escalated=not is_at_once)
        samples.caption_request(found, world.server)
    return found


def test_list_shows_the_others_and_not_the_escalated_one(
    staff: Client, world: World, escalated: Decision
) -> None:
    rows = staff.get(LIST).context["cl"].result_list

    assert [row.pk for row in rows] == [world.decision.pk]


@pytest.mark.parametrize(
    "query", [{"q": "ee" * 32}, {"q": "escalated-one"}, {"standing": "rejected"}, {"organization": "First"}]
)
def test_no_search_and_no_filter_finds_the_escalated_one(
    query: dict[str, str], staff: Client, escalated: Decision
) -> None:
    answer = staff.get(LIST, query, follow=True)

    assert answer.status_code == 200
    assert escalated.pk not in [row.pk for row in answer.context["cl"].result_list]


def test_what_no_filter_offers_cannot_be_asked_for(staff: Client, escalated: Decision) -> None:
    assert staff.get(LIST, {"is_escalated__exact": "1"}).status_code == 400


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_pages_of_the_escalated_one_are_not_there(page: str, staff: Client, escalated: Decision) -> None:
    answer = staff.get(reverse(f"admin:moderation_decision_{page}", args=[escalated.pk]), follow=True)

    assert answer.status_code in (200, 403)
    assert "escalated-one" not in answer.text
    assert escalated.image_hash not in answer.text


def test_events_of_the_escalated_one_are_not_there(staff: Client, world: World, escalated: Decision) -> None:
    rows = staff.get(EVENTS).context["cl"].result_list

    assert [row.kind for row in rows] == ["noted"]


def test_owed_captions_of_the_escalated_one_are_not_there(
    staff: Client, world: World, escalated: Decision
) -> None:
    rows = staff.get("/admin/moderation/captionrequest/").context["cl"].result_list

    assert [row.decision_id for row in rows] == [world.decision.pk]


def test_list_and_filter_go_by_what_a_decision_has_become(staff: Client, world: World) -> None:
    with tenancy.staff():
        flagged = samples.hidden_decision(world.site, decision="flagged")
        samples.hidden_event(flagged, decision="rejected")

    assert len(staff.get(LIST, {"standing": "rejected"}).context["cl"].result_list) == 2
    assert not staff.get(LIST, {"standing": "flagged"}).context["cl"].result_list


def test_list_shows_live_ones_unless_others_are_asked_for(staff: Client, world: World) -> None:
    with tenancy.staff():
        tried = samples.hidden_decision(world.site, mode="test")

    def listed(**query: str) -> set[int]:
        return {row.pk for row in staff.get(LIST, query).context["cl"].result_list}

    assert listed() == {world.decision.pk}
    assert listed(mode="test") == {tried.pk}
    assert listed(mode="all") == {world.decision.pk, tried.pk}


def test_figures_of_the_overview_do_not_count_the_escalated_one(
    staff: Client, world: World, escalated: Decision
) -> None:
    cards = {card["title"]: card["total"] for card in staff.get(reverse("admin:index")).context["cards"]}

    assert cards["Decisions today (UTC)"] == "1"


def test_sidebar_search_does_not_look_into_decisions(staff: Client, escalated: Decision) -> None:
    answer = staff.get(reverse("admin:search"), {"s": "escalated-one", "extended": "1"})

    assert "escalated-one:" not in answer.text
    assert str(reverse("admin:moderation_decision_change", args=[escalated.pk])) not in answer.text


def test_caption_and_the_servers_own_words_are_not_even_read(staff: Client, world: World) -> None:
    answer = staff.get(reverse("admin:moderation_decision_change", args=[world.decision.pk]))

    assert answer.context["original"].get_deferred_fields() == {"caption", "server_answer"}
    assert "BUTTOCKS_EXPOSED" in answer.text
