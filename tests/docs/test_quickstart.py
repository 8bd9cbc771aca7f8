"""The quick start, as it stands: its programs are saved, its commands run, and their output compared."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from accounts.services import api_keys
from billing.models import UsageCounter
from moderation.domain.fixed_answers import PICTURES
from tests import portal_samples as samples
from tests.fake_server import FakeServer, answered, as_json
from tests.portal_samples import Customer

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "quickstart.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAMS = {"bash": "moderate.sh", "python": "moderate.py"}
COMMANDS = ("bash moderate.sh", "python3 moderate.py")
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(PAGE) if found == language]


def sessions() -> Iterator[tuple[str, str]]:
    """Every command of the page's sessions, with the output that follows it."""
    for block in blocks("console"):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = session.partition("\n")
            yield command, output


@dataclass
class Desk:
    """A folder with the page's programs and pictures, and what the page has exported."""

    folder: Path
    env: dict[str, str]

    def run(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def key_of(acme: Customer, mode: str) -> str:
    with acme.scope():
        _, key = api_keys.create(
            organization=acme.organization, name=mode, scopes=["analyze"], by=acme.owner.actor, mode=mode
        )
    return key


@pytest.fixture
def fake(httpserver: HTTPServer, settings: Any) -> FakeServer:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    return FakeServer(httpserver)


@pytest.fixture
def acme(live_site: LiveServer, fake: FakeServer) -> Customer:
    """In force on a moderation server that approves."""
    samples.server(port=fake.port)
    acme = samples.customer(tier="basic")
    samples.deployed(acme)
    return acme


@pytest.fixture
def desk(live_site: LiveServer, acme: Customer, tmp_path: Path) -> Desk:
    for language, name in PROGRAMS.items():
        (text,) = blocks(language)
        (tmp_path / name).write_text(text)
    shutil.copytree(ROOT / "docs" / "test-pictures", tmp_path / "test-pictures")
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MUSENEST_URL": live_site.url,
        "MUSENEST_KEY": key_of(acme, "test"),
        "MUSENEST_SITE": "acme-family",
    }
    return Desk(tmp_path, env)


def test_the_page_exports_what_its_programs_read() -> None:
    (exported,) = blocks("sh")
    named = set(re.findall(r"export (\w+)=", exported))
    assert named == {"MUSENEST_URL", "MUSENEST_KEY", "MUSENEST_SITE"}
    assert "Save as `moderate.sh`" in PAGE
    assert "save as `moderate.py`" in PAGE
    for image_hash, outcome in PICTURES.items():
        assert f"| `{outcome}.png` | `{image_hash[:8]}` |" in PAGE


def test_every_command_of_the_page_says_what_the_page_says(desk: Desk, fake: FakeServer) -> None:
    seen = 0
    for command, output in sessions():
        done = desk.run(command)
        if output:
            assert done.stdout == output, command
            assert (done.returncode == 0) == (output == "approved\n"), command
            seen += 1
        else:
            (expected,) = blocks("json")
            assert contains(json.loads(done.stdout), json.loads(expected))
    assert seen >= 12
    assert fake.seen == [], "no server hears of a picture of the test mode"


def contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    return bool(whole == part)


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
