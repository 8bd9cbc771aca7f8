"""Which values of a site's own documents need a feature of the plan (REQUIREMENTS.md, decision 6).

What a template says needs none, and neither do the detection threshold, the parts that are reported and the
child-risk multiplier. The built-in and the template's keywords are searched for in every plan.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.effective import effective
from moderation.domain.paths import leaves

ADVANCED_THRESHOLDS = "advanced_thresholds"
CUSTOM_KEYWORDS = "custom_keywords"
FEATURES = (ADVANCED_THRESHOLDS, CUSTOM_KEYWORDS)

_KEYWORDS = "blip_config.child_keywords"
_THRESHOLDS = ("moderation_rules.label_weights.", "usage_intents.")


@dataclass(frozen=True)
class OwnValue:
    """A value that a site says other than its template; each keyword is one by itself."""

    feature: str
    path: str
    value: Any


def feature_of(path: str) -> str | None:
    """The feature that a value at this dotted path needs where it is not the template's."""
    if path == _KEYWORDS:
        return CUSTOM_KEYWORDS
    return ADVANCED_THRESHOLDS if path.startswith(_THRESHOLDS) else None


def own_values(template: Mapping[str, object], overrides: Mapping[str, Any]) -> frozenset[OwnValue]:
    """What checked `overrides` say apart from the template, as far as it needs a feature.

    Raises:
        ConfigurationError: the template's documents are wrong.

    """
    given = dict(leaves(effective(template, {}).documents))
    return frozenset(
        OwnValue(feature, path, each)
        for path, value in leaves(overrides)
        if (feature := feature_of(path))
        for each in _differing(value, given.get(path))
    )


def added(before: Iterable[OwnValue], after: Iterable[OwnValue]) -> dict[str, list[str]]:
    """The paths at which `after` says something that `before` did not, by the feature that it needs.

    So what is there may stay, also beside a new template, and going back to the template's is always open.
    """
    found = sorted({(own.feature, own.path) for own in set(after) - set(before)})
    return {name: [path for feature, path in found if feature == name] for name, _ in found}


def _differing(value: Any, given: Any) -> list[Any]:
    if isinstance(value, list):
        return [each for each in value if each not in (given or [])]
    return [] if value == given else [value]
