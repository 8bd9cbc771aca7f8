"""A template with a site's overrides laid over it, and where every value comes from."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.labels import DEFAULT_WEIGHTS
from moderation.domain.paths import leaves, nested
from moderation.domain.schemas import DOCUMENTS, parse_documents

_KEYWORDS = "blip_config.child_keywords"
_DEFAULTS: dict[str, Any] = {
    _KEYWORDS: [],
    **{f"moderation_rules.label_weights.{label}": weight for label, weight in DEFAULT_WEIGHTS.items()},
}


@dataclass(frozen=True)
class Effective:
    """The four documents as they apply, and for each value's dotted path `template`, `site` or `default`."""

    documents: dict[str, Any]
    sources: dict[str, str]


def effective(template: Mapping[str, object], overrides: Mapping[str, object]) -> Effective:
    """Merge a site's documents over its template's, and both over the defaults, key by key.

    A list replaces the one below it, except `blip_config.child_keywords`: a site's are added to its
    template's, so that a site can never remove one; their source is `site` once the site adds any. Every
    label has a weight in the result. It may still be incomplete, which `schemas.parse_complete` tells.

    Raises:
        ConfigurationError: the template's or the site's documents are wrong by themselves.

    """
    given = dict(leaves(parse_documents(template).as_dict()))
    own = dict(leaves(parse_documents(overrides).as_dict()))
    added = [word for word in own.pop(_KEYWORDS, []) if word not in given.get(_KEYWORDS, [])]
    if added:
        own[_KEYWORDS] = [*given.get(_KEYWORDS, []), *added]
    return Effective(
        documents={name: {} for name in DOCUMENTS} | nested(copy.deepcopy({**_DEFAULTS, **given, **own})),
        sources={
            **dict.fromkeys(_DEFAULTS, "default"),
            **dict.fromkeys(given, "template"),
            **dict.fromkeys(own, "site"),
        },
    )
