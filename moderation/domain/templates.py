"""The industry templates that MuseNest brings: six starting points, complete, each figure with its reason."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from moderation.domain.industries import ADULT, ART, CONSERVATIVE, DATING, FAMILY, MARKETPLACE, Figures
from moderation.domain.paths import nested


@dataclass(frozen=True)
class IndustryTemplate:
    """Documents for one trade. `rationale` has one sentence for the dotted path of every value in
    `documents`.

    `needs_attestation`: the owner must attest to records of age and consent. `needs_blip`: only servers that
    caption.
    """

    name: str
    display_name: str
    description: str
    documents: Mapping[str, Any]
    rationale: Mapping[str, str]
    needs_attestation: bool = False
    needs_blip: bool = False


def _template(
    name: str, display_name: str, description: str, figures: Figures, *, is_adult: bool = False
) -> IndustryTemplate:
    return IndustryTemplate(
        name=name,
        display_name=display_name,
        description=description,
        documents=nested({path: copy.copy(value) for path, (value, _) in figures.items()}),
        rationale=MappingProxyType({path: reason for path, (_, reason) in figures.items()}),
        needs_attestation=is_adult,
        needs_blip=is_adult,
    )


INDUSTRY_TEMPLATES: tuple[IndustryTemplate, ...] = (
    _template(
        "conservative_mainstream",
        "Conservative and mainstream",
        "Companies, news and communities for everybody: no nudity, and a person looks at what comes close.",
        CONSERVATIVE,
    ),
    _template(
        "family_education",
        "Family and education",
        "Schools, clubs and pages for children: the strictest figures, where a needless look costs least.",
        FAMILY,
    ),
    _template(
        "dating_social",
        "Dating and social",
        "Profiles and messages of adults: swimwear is welcome, bare intimate parts are not.",
        DATING,
    ),
    _template(
        "marketplace",
        "Marketplace",
        "Goods for sale, clothing and lingerie on models among them.",
        MARKETPLACE,
    ),
    _template(
        "art_photography",
        "Art and photography",
        "Galleries and portfolios: statues and nudes are seen by a person rather than rejected.",
        ART,
    ),
    _template(
        "adult_18",
        "Adult 18+",
        "Explicit pictures of adults behind an age check, with records of age and consent, and captions.",
        ADULT,
        is_adult=True,
    ),
)
