"""Dotted paths and values as a person reads them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, gettext_noop

from moderation.domain.labels import in_words
from moderation.domain.schemas import BlipConfig, Intent, NudenetConfig, UsageIntents

SOURCES = {
    "template": gettext_noop("from the template"),
    "site": gettext_noop("set here"),
    "default": gettext_noop("built in"),
    "derived": gettext_noop("follows"),
}
TRANSLATED = {
    "default_threshold": gettext_noop("Counts anywhere from"),
    "public_gallery_threshold": gettext_noop("Counts in public from"),
    "private_share_threshold": gettext_noop("Counts in private from"),
    "body_parts.nudity_score_threshold": gettext_noop("Nudity from"),
    "child_safety_keywords": gettext_noop("Child-safety keywords"),
}
PERCENT_KEYS = ("_threshold",)
MOST_WORDS = 6
OWN_FIELDS = {
    "server": gettext_noop("Server"),
    "site_name": gettext_noop("Name"),
    "industry_template": gettext_noop("Template"),
    "webhook_url": gettext_noop("Address that is told of decisions"),
    "is_active": gettext_noop("Pictures of this site are decided"),
    "retention_months": gettext_noop("Months that decisions are kept"),
}


def title(path: str) -> str:
    """`usage_intents.store.approval_threshold` becomes `Store: approve up to`; an unknown path stays."""
    document, _, key = path.partition(".")
    if document == "moderation_rules" and key.startswith("label_weights."):
        said = gettext("Weight of %(part)s")
        return said % {"part": part(key.removeprefix("label_weights."))}
    if document == "usage_intents":
        return title_of_intent(key) or path
    if document in ("nudenet", "blip"):
        return gettext(TRANSLATED[key]) if key in TRANSLATED else sentence(key)
    for model in (NudenetConfig, BlipConfig):
        if key in model.model_fields:
            return gettext(str(model.model_fields[key].title))
    return gettext(OWN_FIELDS[path]) if path in OWN_FIELDS else path


def title_of_intent(key: str) -> str:
    name, _, threshold = key.partition(".")
    if name not in UsageIntents.model_fields:
        return ""
    of_intent = gettext(str(UsageIntents.model_fields[name].title))
    if threshold not in Intent.model_fields:
        return of_intent
    words = gettext(str(Intent.model_fields[threshold].title))
    return f"{of_intent}: {words[0].lower()}{words[1:]}"


def part(label: str) -> str:
    """A part of a body inside a sentence."""
    return gettext(in_words(label))


def sentence(key: str) -> str:
    words = key.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def value(path: str, given: Any) -> str:
    """A value in few words, with its unit; an absent one is empty."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return gettext("yes") if given else gettext("no")
    if isinstance(given, list):
        return listed(path, given)
    if (
        isinstance(given, int | float)
        and path.endswith(PERCENT_KEYS)
        and not path.startswith("nudenet_config")
    ):
        return f"{given:g} %"
    return f"{given:g}" if isinstance(given, float) else str(given)


def of_list(path: str, given: Iterable[Any]) -> list[str]:
    return [part(item) if path.endswith("body_parts") else str(item) for item in given]


def gone_and_new(path: str, before: Any, after: Any) -> tuple[list[str], list[str]]:
    """What a list lost and what it gained, every entry by name; nothing of what is no list."""
    if not (isinstance(before, list) or isinstance(after, list)):
        return [], []
    old, new = (given if isinstance(given, list) else [] for given in (before, after))
    gone, fresh = [item for item in old if item not in new], [item for item in new if item not in old]
    return of_list(path, gone), of_list(path, fresh)


def listed(path: str, given: list[Any]) -> str:
    words = of_list(path, given)
    if not words:
        return gettext("none")
    if len(words) > MOST_WORDS:
        said = gettext("%(words)s and %(number)s more")
        return said % {"words": ", ".join(words[:MOST_WORDS]), "number": len(words) - MOST_WORDS}
    return ", ".join(words)


def source(name: str) -> str:
    return gettext(SOURCES[name]) if name in SOURCES else name
