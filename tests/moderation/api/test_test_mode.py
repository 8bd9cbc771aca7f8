"""Keys of the test mode: fixed answers, marked rows, and not a word to a moderation server."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import UsageCounter, UsageKey, UsageRecord
from moderation.models import CaptionRequest, Decision, Site
from moderation.services import analyses
from tests import samples
from tests.fake_server import FakeServer
from tests.moderation.server.samples import animated, bundled
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "family")]

FOLDER = Path(__file__).parents[3] / "docs" / "test-pictures"


@pytest.fixture
def program(acme: Customer) -> Any:
    return api.with_key(acme, "analyze", "billing:read", "sites:read", mode="test")


def send(client: Any, picture: str | bytes, **fields: str) -> Any:
    content = picture if isinstance(picture, bytes) else (FOLDER / f"{picture}.png").read_bytes()
    image = SimpleUploadedFile("p.png", content, "image/png")
    return client.post(api.ANALYZE, {"site": "acme-family", "image": image} | fields, format="multipart")


@pytest.mark.parametrize(
    ("picture", "decision", "score", "level"),
    [
        ("approved", "approved", 5.0, "minimal"),
        ("flagged", "flagged", 45.0, "medium"),
        ("rejected", "rejected", 90.0, "high"),
        ("escalated", "rejected", 95.0, "high"),
        ("unassessed", "flagged", None, "unknown"),
    ],
)
def test_a_picture_of_the_table_has_its_answer(
    acme: Customer, program: Any, fake: FakeServer, picture: str, decision: str, score: Any, level: str
) -> None:
    found = api.data(send(program, picture, external_id="mine", usage_intent="public_site"))
    assert (found["decision"], found["final_risk_score"]) == (decision, score)
    assert (found["risk_level"], found["mode"], found["server"]) == (level, "test", None)
    assert found["escalated"] == found["preserve"] == (picture == "escalated")
    assert (found["config_version"], found["credits_used"]) == (1, 0)
    assert found["stages_missing"] == ([] if score is not None else ["detection", "caption"])
    assert fake.seen == []


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        ("unreadable", 422, "IMAGE_UNREADABLE"),
        ("over-the-quota", 429, "MONTHLY_LIMIT"),
        ("unavailable", 503, "UNAVAILABLE"),
    ],
)
def test_a_picture_that_stands_for_a_refusal(
    acme: Customer, program: Any, picture: str, status: int, code: str
) -> None:
    answer = send(program, picture)
    assert api.code(answer, status) == code
    assert ("Retry-After" in answer.headers) == (status != 422)
    if status == 429:
        assert api.error(answer, status)["details"]["decision"] == "flagged"
    with acme.scope():
        assert not Decision.objects.exists()
        assert not UsageRecord.objects.exists()


def test_any_other_picture_is_answered_by_its_hash_and_always_so(acme: Customer, program: Any) -> None:
    first, second = (api.data(send(program, bundled("chelsea.png"))) for _ in range(2))
    expected = dict.fromkeys("0123456789", "approved") | dict.fromkeys("abc", "flagged")
    assert first["decision"] == expected.get(first["image_hash"][0], "rejected")
    assert (first["decision"], first["labels"]) == (second["decision"], second["labels"])


def test_nothing_is_counted_and_every_row_is_marked(acme: Customer, program: Any) -> None:
    api.data(send(program, "rejected"))
    with acme.scope():
        assert Decision.objects.get().mode == UsageRecord.objects.get().mode == "test"
        assert not UsageCounter.objects.exists()
        assert not UsageKey.objects.exists()
        assert not CaptionRequest.objects.exists()


def test_lists_leave_it_out_unless_asked(acme: Customer, program: Any) -> None:
    live = api.data(send(api.with_key(acme, "analyze"), "rejected"))
    tried = api.data(send(program, "rejected"))
    assert (live["mode"], live["decision"]) == ("live", "approved")
    owner = api.owner(acme)

    def listed(client: Any, query: str = "") -> list[int]:
        return [row["id"] for row in api.data(client.get(f"{api.DECISIONS}{query}"))["results"]]

    assert listed(owner) == [live["id"]]
    assert listed(owner, "?mode=test") == [tried["id"]]
    assert listed(program) == listed(program, "?mode=test") == [tried["id"]]
    assert listed(program, "?mode=live") == []
    assert api.code(owner.get(f"{api.DECISIONS}?mode=both"), 422) == "VALIDATION_ERROR"
    assert api.code(owner.get(f"{api.DECISIONS}/{tried['id']}"), 404) == "DECISION_UNKNOWN"
    assert api.data(owner.get(f"{api.DECISIONS}/{tried['id']}?mode=test"))["mode"] == "test"
    assert api.code(program.get(f"{api.DECISIONS}/{live['id']}"), 404) == "DECISION_UNKNOWN"
    assert api.code(program.get(f"{api.DECISIONS}/{live['id']}?mode=live"), 404) == "DECISION_UNKNOWN"


def test_an_escalated_one_is_as_sealed_as_a_live_one(acme: Customer, program: Any) -> None:
    tried = api.data(send(program, "escalated"))
    read = api.data(program.get(f"{api.DECISIONS}/{tried['id']}"))
    assert (read["standing"], read["preserve"], read["sealed"]) == ("rejected", True, True)
    assert "reasons" not in read
    path = f"{api.DECISIONS}/{tried['id']}?mode=test"
    assert api.code(api.owner(acme).get(path), 404) == "DECISION_UNKNOWN"


def test_a_site_need_not_be_deployed_but_must_be_there_and_active(acme: Customer, program: Any) -> None:
    samples.site(acme, "new")
    stranger = samples.customer("Borealis")
    samples.deployed(stranger, "theirs")
    assert api.data(send(program, "approved", site="new"))["config_version"] == 0
    assert api.code(send(program, "approved", site="theirs"), 404) == "SITE_UNKNOWN"
    with acme.scope():
        Site.objects.update(is_active=False)
    assert api.code(send(program, "approved"), 409) == "SITE_INACTIVE"


def test_what_is_refused_by_its_header_is_refused_here_too(acme: Customer, program: Any) -> None:
    assert api.code(send(program, b"no picture"), 415) == "IMAGE_UNSUPPORTED"
    assert api.code(send(program, animated("GIF")), 415) == "ANIMATION_UNSUPPORTED"
    assert api.code(send(program, "approved", credits="1"), 422) == "UNKNOWN_FIELD"


def test_a_key_needs_its_scope_here_too(acme: Customer) -> None:
    client = api.with_key(acme, "sites:read", mode="test")
    assert api.error(send(client, "approved"), 403)["details"]["permission"] == "analyze"


def test_a_live_analysis_refuses_the_test_mode(acme: Customer) -> None:
    """Whoever forgets the difference fails aloud, and no server hears of the picture."""
    with acme.scope(), pytest.raises(ValueError, match="rehearsals"):
        analyses.run(
            site=Site.objects.get(), image=b"", by=acme.owner.actor, request=analyses.Request(mode="test")
        )
