"""No key that opens a door is in a log line or in an error report."""

import io
import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sentry_sdk
import structlog
from django.test import Client
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from musenest.common import masking
from musenest.settings import logs

pytestmark = pytest.mark.django_db

KEY = "MQ-c8x2:1wSecret_d4ta"
CALLBACK = f"/auth/google/callback?state={KEY}&code=4%2F{KEY}&scope=email"
PATHS = [f"/reset-password/1f-{KEY}", f"/invitations/{KEY}", f"/verify/{KEY}", CALLBACK]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the console's handler writes meanwhile."""
    stream = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter):
            monkeypatch.setattr(handler, "stream", stream)
    return stream


@pytest.mark.parametrize("path", PATHS)
def test_the_line_of_a_request_has_no_key(client: Client, written: io.StringIO, path: str) -> None:
    client.get(path)
    client.get("/login", {"next": path})
    client.get(f"/login?next={quote(quote(path, safe=''), safe='')}")

    assert "request_finished" in written.getvalue()
    assert "[masked]" in written.getvalue()
    assert "d4ta" not in written.getvalue()


@pytest.mark.parametrize("path", PATHS)
def test_the_line_of_an_error_has_no_key(written: io.StringIO, path: str) -> None:
    try:
        Path(path).read_text()
    except OSError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", path)
        structlog.get_logger(__name__).exception("failed", deep={"address": [f"https://a.test{path}"]})

    assert written.getvalue().count("Traceback") == 2
    assert "Internal Server Error: /" in written.getvalue()
    assert "d4ta" not in written.getvalue()


@pytest.mark.parametrize("path", PATHS)
def test_a_line_of_production_stays_json(path: str) -> None:
    line = json.dumps({"request": f'GET {path}?a="b"', "code": 200})

    told = json.loads(masking.mask_line(None, "info", line))

    assert told["code"] == 200
    assert "[masked]" in told["request"]
    assert "d4ta" not in told["request"]


@pytest.mark.parametrize(
    "path",
    [
        "/verify",
        "/reset-password",
        "/o/acme/team/invitations",
        "/o/acme/sites/12",
        "/auth/google/callback",
        "/auth/error?reason=failed",
    ],
)
def test_another_path_stays_as_it_is(path: str) -> None:
    assert masking.masked(f"GET {path} 200") == f"GET {path} 200"


class Kept(Transport):
    """Keeps what would be sent to Sentry."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.get_event() or envelope.get_transaction_event())


@pytest.mark.parametrize("where", [PATHS[0], CALLBACK])
@pytest.mark.parametrize("kind", ["error", "transaction"])
def test_an_error_report_has_no_key(kind: str, where: str) -> None:
    kept = Kept()
    reports = sentry_sdk.Client(
        "https://public@127.0.0.1/1", transport=kept, default_integrations=False, **logs.SENTRY_OPTIONS
    )
    path, _, query = where.partition("?")

    reports.capture_event(
        {
            **({"type": "transaction"} if kind == "transaction" else {}),
            "transaction": path,
            "logentry": {"message": "Internal Server Error: %s", "params": [where]},
            "request": {
                "url": f"https://a.test{path}",
                "query_string": query,
                "headers": {"Referer": f"https://a.test{where}"},
            },
            "breadcrumbs": {"values": [{"message": where}]},
        }
    )

    assert len(kept.sent) == 1
    assert "[masked]" in str(kept.sent)
    assert "d4ta" not in str(kept.sent)
    assert logs.SENTRY_OPTIONS["send_default_pii"] is False
