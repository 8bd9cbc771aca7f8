"""A moderation server that answers as a test says, over real HTTP (it stores and tells configurations)."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

PATH = re.compile(r"/sites/[0-9a-f-]+/configuration")
Answer = Callable[[Request], Response]
CLEAN = {
    "image_hash": "",
    "config_revision": 1,
    "labels": [],
    "decision": "approved",
    "perceptual_hash": "f" * 64,
    "model_digest": "d" * 64,
    "processing_status": "complete",
    "stages": {"done": ["detection"], "missing": ["caption"]},
}


class FakeServer:
    """`stored` holds what was sent per site; `analyze`, `apply`, `tell`, `tell_all` and `remove` may be
    replaced.
    """

    def __init__(self, http: HTTPServer) -> None:
        self.http = http
        self.stored: dict[str, dict[str, Any]] = {}
        self.seen: list[Request] = []
        self.apply: Answer = self.keep
        self.tell: Answer = self.read
        self.tell_all: Answer = self.summary
        self.remove: Answer = self.forget
        self.analyze: Answer = answered
        http.expect_request("/analyze", method="POST").respond_with_handler(self.analyzed)
        http.expect_request("/health").respond_with_json({"status": "healthy"})
        http.expect_request("/sites", method="GET").respond_with_handler(self.told_all)
        http.expect_request(PATH, method="PUT").respond_with_handler(self.applied)
        http.expect_request(PATH, method="DELETE").respond_with_handler(self.removed)
        http.expect_request(PATH, method="GET").respond_with_handler(self.told)

    @property
    def port(self) -> int:
        return self.http.port

    def keep(self, request: Request) -> Response:
        sent = json.loads(request.data)
        held = self.stored.get(request.path, {"revision": 0})["revision"]
        if sent["revision"] < held:
            return as_json({"revision": held}, 409)
        self.stored[request.path] = sent
        return as_json({"success": True})

    def read(self, request: Request) -> Response:
        found = self.stored.get(request.path)
        return as_json(found) if found else as_json({}, 404)

    def summary(self, request: Request) -> Response:
        held = {path.split("/")[2]: sent for path, sent in self.stored.items()}
        return as_json(
            {site: {"revision": sent["revision"], "digest": sent["digest"]} for site, sent in held.items()}
        )

    def forget(self, request: Request) -> Response:
        found = self.stored.pop(request.path, None)
        return as_json({"success": True}) if found else as_json({"code": "SITE_UNKNOWN"}, 404)

    def removed(self, request: Request) -> Response:
        return self.remove(request)

    def applied(self, request: Request) -> Response:
        return self.apply(request)

    def told(self, request: Request) -> Response:
        return self.tell(request)

    def told_all(self, request: Request) -> Response:
        return self.tell_all(request)

    def analyzed(self, request: Request) -> Response:
        self.seen.append(request)
        return self.analyze(request)


def as_json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def answer_about(request: Request, **fields: Any) -> dict[str, Any]:
    """What an honest server says about the picture in this request."""
    about = {
        "image_hash": hashlib.sha256(request.files["image"].read()).hexdigest(),
        "site": request.form["site"],
    }
    return CLEAN | about | fields


def answered(request: Request, **fields: Any) -> Response:
    return as_json(answer_about(request, **fields))
