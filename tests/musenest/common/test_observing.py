"""What is said and measured of a request."""

import os
import re
import subprocess
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from musenest.common import observing
from tests import samples
from tests.samples import signed_in
from tests.samples.api import program_of

pytestmark = pytest.mark.django_db


def said(client: Client, path: str) -> MutableMapping[str, Any]:
    with capture_logs() as lines:
        client.get(path)
    (line,) = [line for line in lines if line["event"] == "request_finished"]
    return line


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("musenest_request_seconds_count", labels) or 0


def test_one_line_says_what_was_asked_and_what_came_of_it(client: Client) -> None:
    line = said(client, "/health?a=b")
    assert (line["request"], line["code"], line["log_level"], line["actor"]) == (
        "GET /health?a=b", 200, "info", "",
    )  # fmt: skip
    assert 0 < line["milliseconds"] < 60_000


def test_it_says_who_asked_where_that_was_found() -> None:
    person = samples.membership(samples.organization(), "owner").person
    browser = signed_in(person)
    assert said(browser, "/organizations")["actor"] == f"person:{person.pk}"
    assert re.fullmatch("person:[0-9a-f-]{36}", said(program_of(person), "/api/users/profile")["actor"])


def test_a_fault_of_ours_is_an_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("musenest.common.health.examine", fail)
    client.raise_request_exception = False
    assert said(client, "/api/health")["log_level"] == "error"


def test_a_fault_is_logged_with_its_stack_who_asked_and_what(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """N-40; to the caller it says nothing of that."""

    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    person = samples.membership(samples.organization(), "owner").person
    client = program_of(person)
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.selectors.people.profile_of", fail)

    with capture_logs() as lines:
        answer = client.get("/api/users/profile")

    (line,) = [line for line in lines if line["event"] == "request_finished"]
    assert (line["request"], line["code"]) == ("GET /api/users/profile", 500)
    assert line["actor"] == f"person:{person.pk}"
    (stack,) = [record.exc_info for record in caplog.records if record.exc_info]
    assert "boom" in str(stack[1])
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "INTERNAL_ERROR"
    assert "boom" not in answer.content.decode()


def test_requests_are_counted_by_the_name_of_their_view(client: Client) -> None:
    before = counted(view="health", method="GET", status="200")
    client.get("/health")
    assert counted(view="health", method="GET", status="200") == before + 1


def test_strangers_make_no_series_of_their_own(client: Client) -> None:
    before = counted(view="unnamed", method="other", status="404")
    client.generic("BREW", "/nowhere/1")
    client.generic("STEEP", "/nowhere/2")
    assert counted(view="unnamed", method="other", status="404") == before + 2
    names = {
        sample.labels.get("view", "") for metric in observing.SECONDS.collect() for sample in metric.samples
    }
    assert not [name for name in names if "nowhere" in name]


MEASURED = """
import django
django.setup()
from musenest.common import gauges, observing
observing.SECONDS.labels("health", "GET", "200").observe(1)
print(observing.page().decode())
"""


def test_processes_that_share_a_folder_are_counted_together(tmp_path: Path) -> None:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    for count in (1, 2):
        told = subprocess.check_output([sys.executable, "-c", MEASURED], env=environment, text=True)
        assert f'seconds_count{{method="GET",status="200",view="health"}} {count}.0' in told
    assert "musenest_work_items" not in told, "which /metrics adds once"
