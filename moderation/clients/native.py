"""The adapter of our own server (PROTOCOL.md, native): a profile per site, with revision and digest."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from moderation.clients.answers import (
    Analysis,
    Applied,
    Description,
    Health,
    StoredConfiguration,
    read_analysis,
    read_description,
    read_health,
    read_held,
    read_stored,
)
from moderation.clients.errors import (
    PictureUnreadableError,
    RevisionRefusedError,
    ServerError,
    unreadable,
)
from moderation.domain import sentences
from musenest.common import egress

HEALTH_SECONDS = 5  # M-98
CONFIGURATION_SECONDS = 5
ANALYSIS_SECONDS = 10

NOT_FOUND, CONFLICT, GONE, UNPROCESSABLE, BUSY = 404, 409, 410, 422, 503
CAPTION_PENDING = "CAPTION_PENDING"
IMAGE_UNREADABLE = "IMAGE_UNREADABLE"


class NativeServer:
    def __init__(self, *, url: str, api_key: str) -> None:
        self.url = url
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def health(self) -> Health:
        answer = self.call("GET", "/health", timeout=HEALTH_SECONDS)
        return read_health(
            parsed(answer), is_success=answer.is_success, response_time_ms=milliseconds(answer)
        )

    def apply_configuration(
        self, *, site: UUID, revision: int, digest: str, payload: Mapping[str, Any]
    ) -> Applied:
        answer = self.call(
            "PUT",
            f"/sites/{site}/configuration",
            timeout=CONFIGURATION_SECONDS,
            json={"revision": revision, "digest": digest, **payload},
        )
        if answer.status == CONFLICT:
            raise RevisionRefusedError(current_revision(parsed(answer)))
        if answer.status == UNPROCESSABLE:
            raise ServerError(
                "CONFIGURATION_REFUSED",
                "The moderation server refused the configuration as invalid.",
                is_lasting=True,
            )
        expect_success(answer)
        return Applied(response_time_ms=milliseconds(answer))

    def read_configuration(self, *, site: UUID) -> StoredConfiguration | None:
        answer = self.call("GET", f"/sites/{site}/configuration", timeout=CONFIGURATION_SECONDS)
        if answer.status == NOT_FOUND:
            return None
        expect_success(answer)
        return read_stored(parsed(answer))

    def held_configurations(self) -> dict[UUID, StoredConfiguration]:
        answer = self.call("GET", "/sites", timeout=CONFIGURATION_SECONDS)
        expect_success(answer)
        return read_held(parsed(answer))

    def remove_configuration(self, *, site: UUID) -> None:
        answer = self.call("DELETE", f"/sites/{site}/configuration", timeout=CONFIGURATION_SECONDS)
        if answer.status != NOT_FOUND:
            expect_success(answer)

    def analyze(self, *, site: UUID, image: bytes, context_type: str, usage_intent: str) -> Analysis:
        fields = {"site": str(site), "context_type": context_type, "enable_child_detection": "true"}
        if usage_intent:
            fields["usage_intent"] = usage_intent
        answer = self.call(
            "POST",
            "/analyze",
            timeout=ANALYSIS_SECONDS,
            data=fields,
            # The picture's own name would tell the server about its uploader.
            files={"image": ("image", image, "application/octet-stream")},
        )
        if answer.status == UNPROCESSABLE and code_of(answer) == IMAGE_UNREADABLE:
            raise PictureUnreadableError
        expect_success(answer)
        return read_analysis(parsed(answer), site=site, response_time_ms=milliseconds(answer))

    def describe(self, *, batch_id: str) -> Description | None:
        answer = self.call(
            "POST", "/retrieve-blip", timeout=CONFIGURATION_SECONDS, json={"batch_id": batch_id}
        )
        if answer.status == NOT_FOUND and code_of(answer) == CAPTION_PENDING:
            return None
        if answer.status in (NOT_FOUND, GONE):
            raise ServerError(
                "CAPTION_LOST", "The server has no caption for this picture any more.", is_lasting=True
            )
        expect_success(answer)
        return read_description(parsed(answer))

    def call(self, method: str, path: str, **options: Any) -> egress.Answer:
        try:
            return egress.call(method, f"{self.url}{path}", headers=self.headers, **options)
        except egress.TimedOutError as error:
            said = sentences.SERVER_TIMED_OUT % {"seconds": options["timeout"]}
            raise ServerError("SERVER_TIMED_OUT", said) from error
        except egress.ForbiddenAddressError as error:
            raise ServerError("SERVER_ADDRESS_FORBIDDEN", str(error), is_lasting=True) from error
        except egress.TooMuchAnswerError as error:
            raise unreadable("it is too large") from error
        except egress.EgressError as error:
            raise ServerError("SERVER_UNREACHABLE", "The moderation server could not be reached.") from error


def parsed(answer: egress.Answer) -> Any:
    """The answer as JSON that PostgreSQL could keep; raises ServerError for a success that is none."""
    try:
        body = answer.json()
        refuse_unstorable(body)
    except (ValueError, RecursionError) as error:
        if not answer.is_success:
            return {}
        raise unreadable("it is not JSON") from error
    return body


def refuse_unstorable(body: Any) -> None:
    """Raise ValueError for infinities (1e999 is one), halves of surrogate pairs and NUL."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    text.encode()
    if r"\u0000" in text:
        raise ValueError("NUL")


def expect_success(answer: egress.Answer) -> None:
    if answer.is_success:
        return
    if answer.status == BUSY:
        raise ServerError("SERVER_BUSY", "The moderation server has no room for another request now.")
    if answer.status in (401, 403):
        raise ServerError("SERVER_KEY_REFUSED", "The moderation server refused our key.", is_lasting=True)
    raise ServerError("SERVER_FAILED", sentences.SERVER_FAILED % {"status": answer.status})


def code_of(answer: egress.Answer) -> Any:
    """The code of an answer that is an error, if it has one."""
    body = parsed(answer)
    return body.get("code") if isinstance(body, dict) else None


def current_revision(body: Any) -> int | None:
    values = body if isinstance(body, dict) else {}
    found = values.get("revision", values.get("current_revision"))
    return found if isinstance(found, int) else None


def milliseconds(answer: egress.Answer) -> int:
    return round(answer.seconds * 1000)
