"""A stand-in of Google that can misbehave. Its page is for browsers; the token is asked for over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT = "musenest-at-google"
CODE = "one-time-code"


@dataclass
class FakeGoogle:
    """Answers at `url` whatever `claims`, `status` and `body` say."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        told = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT,
            "sub": "1234567890",
            "email": "gina@people.test",
            "email_verified": True,
            "name": "Gina Google",
            "exp": 4_000_000_000,
            "iat": 1_700_000_000,
        } | self.claims
        token = jwt.encode(told, "k" * 32, algorithm="HS256")
        return json.dumps({"access_token": "at", "expires_in": 3600, "id_token": token}).encode()


def page(asked: dict[str, list[str]]) -> bytes:
    """Where a person picks the account."""
    query = urlencode({"code": CODE, "state": asked["state"][0]})
    return f'<link rel="icon" href="data:,"><a href="{asked["redirect_uri"][0]}?{query}">Gina</a>'.encode()


@contextmanager
def running() -> Iterator[FakeGoogle]:
    google = FakeGoogle()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page(parse_qs(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            google.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(google.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(google.answer())

        def log_message(self, *args: Any) -> None:
            """Nothing: the tests' output is not for it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # It looks that often whether it shall end: by itself twice a second, which each test would wait for.
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    google.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
