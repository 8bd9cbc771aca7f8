"""Whether an answer fits itself and the question: one that does not tells nothing about the picture."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from moderation.clients.errors import ServerError, unreadable
from moderation.domain.detections import Detection
from moderation.domain.labels import UnknownLabelError, canonical
from moderation.domain.verdicts import severity

FINISHED = ("complete", "blip_pending")


def refuse_unfinished(values: Mapping[str, Any], site: UUID) -> None:
    """Raise ServerError for an answer that says it failed, is about another site, or had no detector look."""
    if values.get("success", True) is not True or values.get("processing_status") not in FINISHED:
        raise ServerError("SERVER_FAILED", "The moderation server says that it did not finish.")
    if values.get("site") != str(site):
        raise ServerError("OTHER_SITE", "The moderation server answered for another site.")
    stages = values.get("stages")
    done = stages.get("done") if isinstance(stages, Mapping) else None
    if not isinstance(done, list) or "detection" not in done:
        raise ServerError("DETECTION_NOT_RUN", "The moderation server says that no detector looked.")


def refuse_hidden_parts(values: Mapping[str, Any], detections: Sequence[Detection]) -> None:
    """Raise ServerError where the summary names a part that the list of detections lacks."""
    listed = {detection.label for detection in detections}
    for key in ("detected_parts", "part_locations"):
        named = values.get(key, {})
        if not isinstance(named, Mapping):
            raise unreadable(f"{key} is not an object")
        try:
            missing = {canonical(str(label)) for label in named} - listed
        except UnknownLabelError as error:
            raise unreadable(str(error)) from error
        if missing:
            raise unreadable(f"{key} names parts that labels lacks")


def strictest_claim(values: Mapping[str, Any], decision: str) -> str:
    """The strictest of what the answer says: a server that contradicts itself is believed where it is
    stricter.
    """
    is_doubtful = values.get("flagged") is True or values.get("human_review_required") is True
    claims = [
        decision,
        str(values.get("moderation_status", decision)),
        "flagged" if is_doubtful else decision,
    ]
    return max(claims, key=severity)
