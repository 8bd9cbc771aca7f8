"""The quick start, as it stands: its programs are saved, its commands run, and their output compared."""

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from accounts.services import api_keys
from billing.models import UsageCounter
from moderation.domain.fixed_answers import PICTURES
from tests import samples
from tests.docs.quickstart import CURL, PAGE, Desk, blocks, desk_at, follow
from tests.fake_server import FakeServer, answered, as_json
from tests.samples import Customer

COMMANDS = ("bash moderate.sh", "python3 moderate.py")
pytestmark = pytest.mark.skipif(CURL is None, reason="this machine has no curl")


def key_of(acme: Customer, mode: str) -> str:
    with acme.scope():
        _, key = api_keys.create(
            organization=acme.organization, name=mode, scopes=["analyze"], by=acme.owner.actor, mode=mode
        )
    return key


@pytest.fixture
def acme(live_site: LiveServer, fake: FakeServer) -> Customer:
    """In force on a moderation server that approves."""
    samples.server(port=fake.port)
    acme = samples.customer(tier="basic")
    samples.deployed(acme)
    return acme


@pytest.fixture
def desk(live_site: LiveServer, acme: Customer, tmp_path: Path) -> Desk:
    return desk_at(tmp_path, url=live_site.url, key=key_of(acme, "test"), site="acme-family")


def test_the_page_exports_what_its_programs_read() -> None:
    (exported,) = blocks("sh")
    named = set(re.findall(r"export (\w+)=", exported))
    assert named == {"MUSENEST_URL", "MUSENEST_KEY", "MUSENEST_SITE"}
    assert "Save as `moderate.sh`" in PAGE
    assert "save as `moderate.py`" in PAGE
    for image_hash, outcome in PICTURES.items():
        assert f"| `{outcome}.png` | `{image_hash[:8]}` |" in PAGE


def test_every_command_of_the_page_says_what_the_page_says(desk: Desk, fake: FakeServer) -> None:
    follow(desk)
    assert fake.seen == [], "no server hears of a picture of the test mode"


@pytest.mark.parametrize("program", COMMANDS)
def test_the_same_program_with_a_live_key(desk: Desk, acme: Customer, fake: FakeServer, program: str) -> None:
    desk.env["MUSENEST_KEY"] = key_of(acme, "live")
    picture = f"{program} test-pictures/rejected.png"
    assert desk.run(picture).stdout == "approved\n"
    assert len(fake.seen) == 1
    fake.analyze = lambda _: Response("<html>", 500)
    assert desk.run(picture).stdout.startswith("hold")
    fake.http.stop()
    try:
        assert desk.run(picture).stdout.startswith("hold")
    finally:
        fake.http.start()
    fake.analyze = answered
    assert desk.run(picture).stdout == "approved\n"
    with acme.scope():
        UsageCounter.objects.update(used=10_000)
    assert desk.run(picture).stdout.startswith("hold")


@pytest.mark.parametrize("program", COMMANDS)
def test_a_key_that_is_not_good_holds(desk: Desk, program: str) -> None:
    for wrong in ({"MUSENEST_KEY": "mn_test_wrong"}, {"MUSENEST_SITE": "nobodys"}):
        done = desk.run(f"{program} test-pictures/approved.png", **wrong)
        assert done.returncode != 0
        assert done.stdout.startswith("hold")


APPROVED = {"success": True, "data": {"decision": "approved"}}
ODD: dict[str, Callable[[Request], Response]] = {
    "500 that says approved": lambda _: as_json(APPROVED, 500),
    "429 that says approved": lambda _: as_json(APPROVED, 429),
    "202 that says approved": lambda _: as_json(APPROVED, 202),
    "redirect": lambda _: Response("", 302, {"Location": "/elsewhere"}),
    "html": lambda _: Response("<html>approved</html>", 200),
    "empty": lambda _: Response("", 200),
    "cut": lambda _: Response(json.dumps(APPROVED)[:-4], 200),
    "no decision": lambda _: as_json({"success": True, "data": {}}),
    "a list": lambda _: as_json(["approved"]),
    "data as text": lambda _: as_json({"data": "approved"}),
    "flagged": lambda _: as_json({"data": {"decision": "flagged"}}),
    "another word": lambda _: as_json({"data": {"decision": "APPROVED"}}),
    "no word": lambda _: as_json({"data": {"decision": None}}),
}


@pytest.mark.parametrize("program", COMMANDS)
def test_every_odd_answer_holds_the_picture(desk: Desk, httpserver: HTTPServer, program: str) -> None:
    """Of a server in between that answers as it likes; the last answer shows that the others could fail."""
    between = {"MUSENEST_URL": httpserver.url_for("/"), "MUSENEST_SECONDS": "2"}
    for name, answer in {**ODD, "approved": lambda _: as_json(APPROVED)}.items():
        httpserver.clear_all_handlers()
        httpserver.expect_request("/api/moderation/analyze").respond_with_handler(answer)
        done = desk.run(f"{program} test-pictures/approved.png", **between)
        is_held = (done.stdout.startswith("hold"), done.returncode) == (True, 1)
        assert is_held == (name != "approved"), (name, done.stdout)


@pytest.mark.parametrize("program", COMMANDS)
def test_silence_holds_the_picture(desk: Desk, program: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        done = desk.run(f"{program} test-pictures/approved.png", MUSENEST_URL=url, MUSENEST_SECONDS="0.5")
    assert (done.stdout.startswith("hold"), done.returncode) == (True, 1)
