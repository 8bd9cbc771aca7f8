"""A decision's reasons in words of the reader's language, without a name that only programs know.

The record keeps one English sentence with each reason. Here the sentence is written anew from the reason's
figures; a code that is not known here, or an old record that lacks a figure, keeps its own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from moderation.domain.decisions import figure
from moderation.domain.labels import in_words
from moderation.domain.schemas import UsageIntents
from musenest.common.sentences import say

Details = Mapping[str, Any]
HELD = gettext_noop("The picture is held for a person.")

DECIDED = {
    "approved": gettext_noop("approved"),
    "flagged": gettext_noop("flagged"),
    "rejected": gettext_noop("rejected"),
}


def sentence(reason: Mapping[str, Any]) -> str:
    write = SENTENCES.get(str(reason.get("code")))
    if write is not None:
        try:
            return write(reason["details"])
        except (KeyError, TypeError, ValueError):
            pass  # the record is older than this sentence
    return as_recorded(str(reason.get("message", "")))


def as_recorded(message: str) -> str:
    """What a server's failure was recorded with: why, and that the picture is held."""
    if message.endswith(HELD):
        return f"{say(message.removesuffix(HELD).rstrip())} {gettext(HELD)}".lstrip()
    return say(message)


def sentences(reasons: list[Mapping[str, Any]]) -> list[str]:
    return [sentence(reason) for reason in reasons]


def first(reasons: list[Mapping[str, Any]]) -> str:
    """The first that says why, or nothing; that an earlier decision stands says it of no picture."""
    why = [reason for reason in reasons if reason.get("code") != "EARLIER_DECISION_STANDS"]
    return sentence((why or reasons)[0]) if reasons else ""


def intent(name: str) -> str:
    """`public_site` is `Public pages`."""
    field = UsageIntents.model_fields.get(name)
    return gettext(str(field.title)) if field else name


def part(label: str) -> str:
    return gettext(in_words(label).capitalize())


def seen(details: Details) -> str:
    return gettext("%(part)s was found with a score of %(score)s %%.") % {
        "part": part(details["label"]),
        "score": figure(details["score"]),
    }


def risk(details: Details) -> str:
    if not details["label"]:
        return gettext("No part that counts reached the threshold of %(threshold)s %%: the risk is 0 %%.") % {
            "threshold": figure(details["threshold"])
        }
    return gettext("%(seen)s With its weight of %(weight)s the risk is %(risk)s %%.") % {
        "seen": seen(details),
        "weight": f"{details['weight']:g}",
        "risk": figure(details["risk"]),
    }


def thresholds(details: Details) -> dict[str, str]:
    return {
        "risk": risk(details),
        "approval": figure(details["approval_threshold"]),
        "rejection": figure(details["rejection_threshold"]),
        "use": intent(details["usage_intent"]),
    }


def reaches_rejection(details: Details) -> str:
    return gettext("%(risk)s That reaches %(rejection)s %%, from which “%(use)s” rejects.") % thresholds(
        details
    )


def within_approval(details: Details) -> str:
    return gettext("%(risk)s That is not over %(approval)s %%, up to which “%(use)s” approves.") % thresholds(
        details
    )


def between(details: Details) -> str:
    return gettext(
        "%(risk)s “%(use)s” approves up to %(approval)s %% and rejects from %(rejection)s %%: "
        "in between a person decides."
    ) % thresholds(details)


def intent_unknown(details: Details) -> str:
    return gettext("This site does not have the use “%(use)s”, so nothing says what it allows there.") % {
        "use": intent(details["usage_intent"])
    }


def child_safety(details: Details) -> str:
    words = ", ".join(f"“{word}”" for word in details["keywords"])
    signs = [gettext("the caption says %(words)s") % {"words": words}] if words else []
    if details["children_detected"]:
        signs.append(gettext("the moderation server reports a child"))
    return gettext("%(seen)s And %(signs)s: rejected and escalated, whatever the settings say.") % {
        "seen": seen(details),
        "signs": gettext(" and ").join(signs),
    }


def child_safety_not_run(details: Details) -> str:
    return gettext(
        "%(seen)s There is no caption to look for a child in: from %(minimum)s %% on this is never approved "
        "without a person."
    ) % {"seen": seen(details), "minimum": figure(details["minimum_score"])}


def server_stricter(details: Details) -> str:
    own = DECIDED[details["own_decision"]]
    return gettext(
        "The moderation server's own decision is stricter than this site's rules, by which the picture would "
        "be %(own)s: the stricter of the two stands."
    ) % {"own": gettext(own)}


def earlier_stands(details: Details) -> str:
    earlier = DECIDED[details["earlier_decision"]]
    return gettext(
        "The picture was %(earlier)s before its caption was known; a caption can only make a decision "
        "stricter."
    ) % {"earlier": gettext(earlier)}


def fixed_answer(_: Details) -> str:
    return gettext("The fixed answer of the test mode: nothing looked at the picture.")


def other_revision(_: Details) -> str:
    return gettext(
        "The moderation server decided by another configuration of this site than the one in force. "
        "The picture is held for a person."
    )


def analysis_failed(_: Details) -> str:
    return gettext("The picture could not be assessed, through a fault of ours. It is held for a person.")


SENTENCES: dict[str, Callable[[Details], str]] = {
    "RISK_REACHES_REJECTION": reaches_rejection,
    "RISK_WITHIN_APPROVAL": within_approval,
    "RISK_BETWEEN_THRESHOLDS": between,
    "INTENT_UNKNOWN": intent_unknown,
    "CHILD_SAFETY": child_safety,
    "CHILD_SAFETY_NOT_RUN": child_safety_not_run,
    "SERVER_STRICTER": server_stricter,
    "EARLIER_DECISION_STANDS": earlier_stands,
    "TEST_MODE": fixed_answer,
    "OTHER_REVISION": other_revision,
    "ANALYSIS_FAILED": analysis_failed,
}
