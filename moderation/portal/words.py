"""Dotted paths and values as a person reads them."""

from typing import Any

from moderation.domain.labels import in_words
from moderation.domain.schemas import BlipConfig, Intent, NudenetConfig, UsageIntents

SOURCES = {"template": "from the template", "site": "set here", "default": "built in", "derived": "follows"}
TRANSLATED = {
    "default_threshold": "Counts anywhere from",
    "public_gallery_threshold": "Counts in public from",
    "private_share_threshold": "Counts in private from",
    "body_parts.nudity_score_threshold": "Nudity from",
    "child_risk_threshold": "Reports a child from",
    "high_risk_threshold": "High risk from",
    "child_safety_keywords": "Child-safety keywords",
}
PERCENT_KEYS = ("_threshold",)
MOST_WORDS = 6
OWN_FIELDS = {"server": "Server", "site_name": "Name", "industry_template": "Template"}


def title(path: str) -> str:
    """`usage_intents.store.approval_threshold` becomes `Store: approve up to`; an unknown path stays."""
    document, _, key = path.partition(".")
    if document == "moderation_rules" and key.startswith("label_weights."):
        return f"Weight of {in_words(key.removeprefix('label_weights.'))}"
    if document == "usage_intents":
        return title_of_intent(key) or path
    if document in ("nudenet", "blip"):
        return TRANSLATED.get(key, sentence(key))
    for model in (NudenetConfig, BlipConfig):
        if key in model.model_fields:
            return str(model.model_fields[key].title)
    return OWN_FIELDS.get(path, path)


def title_of_intent(key: str) -> str:
    name, _, threshold = key.partition(".")
    if name not in UsageIntents.model_fields:
        return ""
    of_intent = str(UsageIntents.model_fields[name].title)
    if threshold not in Intent.model_fields:
        return of_intent
    words = str(Intent.model_fields[threshold].title)
    return f"{of_intent}: {words[0].lower()}{words[1:]}"


def sentence(key: str) -> str:
    words = key.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def value(path: str, given: Any) -> str:
    """A value in few words, with its unit; an absent one is empty."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, list):
        return listed(path, given)
    if (
        isinstance(given, int | float)
        and path.endswith(PERCENT_KEYS)
        and not path.startswith("nudenet_config")
    ):
        return f"{given:g} %"
    return f"{given:g}" if isinstance(given, float) else str(given)


def listed(path: str, given: list[Any]) -> str:
    words = [in_words(item) if path.endswith("body_parts") else str(item) for item in given]
    if not words:
        return "none"
    if len(words) > MOST_WORDS:
        return f"{', '.join(words[:MOST_WORDS])} and {len(words) - MOST_WORDS} more"
    return ", ".join(words)


def source(name: str) -> str:
    return SOURCES.get(name, name)
