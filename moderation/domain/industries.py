"""The figures of the six industry templates, each with the reason why it is what it is.

What a template does not name keeps its default (`labels.DEFAULT_WEIGHTS`). No detection threshold is over
0.50, where the detector already misses most of what it should find (PROTOCOL.md, "NudeNet's facts"), and each
leaves the public threshold, five points lower, at or over the 20 % under which the native server returns
nothing.
"""

from collections.abc import Mapping
from typing import Any

from moderation.domain.keywords import CHILD_NOUNS
from moderation.domain.labels import DEFAULT_WEIGHTS, SEXUAL_LABELS

Figures = Mapping[str, tuple[Any, str]]

_SEXUAL = [label for label in DEFAULT_WEIGHTS if label in SEXUAL_LABELS]
_WEIGHTY = [label for label, weight in DEFAULT_WEIGHTS.items() if weight]
_KEYWORDS = (
    list(CHILD_NOUNS),
    "The built-in nouns, spelled out so that servers which have no list of their own look for them too.",
)
_MOST_SENSITIVE = "The server reports a child from a risk of 15 % on"


def _parts(labels: list[str], reason: str) -> tuple[list[str], str]:
    return list(labels), reason


CONSERVATIVE: Figures = {
    "nudenet_config.detection_threshold": (
        0.30,
        "Counts from 25 % in public: close to all that the detector finds, least certain guesses apart.",
    ),
    "nudenet_config.body_parts": _parts(
        _WEIGHTY, "Both bare and covered intimate parts matter to a mainstream brand."
    ),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (
        1,
        "The server reports a child from a risk of 25 % on, the middle of the scale.",
    ),
    "moderation_rules.label_weights.MALE_BREAST_EXPOSED": (
        0.2,
        "A bare male chest reaches at most 20, so that only a certain one goes to a person.",
    ),
    "usage_intents.public_site.approval_threshold": (
        15,
        "A covered part found with more than 37 % goes over this; what is left is harmless or very unsure.",
    ),
    "usage_intents.public_site.rejection_threshold": (
        60,
        "Only bare intimate parts can reach this, and at 60 % the detector is seldom wrong about one.",
    ),
    "usage_intents.store.approval_threshold": (15, "Goods are shown to everybody, as the public pages are."),
    "usage_intents.store.rejection_threshold": (60, "Goods are shown to everybody, as the public pages are."),
    "usage_intents.private.approval_threshold": (
        25,
        "Swimwear among acquaintances: a covered part passes up to a score of 62 %.",
    ),
    "usage_intents.private.rejection_threshold": (
        70,
        "From here the risk is called high; below it a person can tell a beach from a bedroom.",
    ),
}

FAMILY: Figures = {
    "nudenet_config.detection_threshold": (
        0.25,
        "Counts from 20 % in public, the least that a server returns: a miss costs more here than a look.",
    ),
    "nudenet_config.body_parts": _parts(_WEIGHTY, "Both bare and covered intimate parts are reported."),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (0.5, f"{_MOST_SENSITIVE}: children are expected in these pictures."),
    "moderation_rules.label_weights.FEMALE_GENITALIA_COVERED": (
        0.6,
        "Underwear and tight clothing in close view have no place here: from 67 % on this alone rejects.",
    ),
    "moderation_rules.label_weights.ANUS_COVERED": (
        0.6,
        "The same as for other covered intimate parts in close view.",
    ),
    "moderation_rules.label_weights.FEMALE_BREAST_COVERED": (
        0.3,
        "Every dressed woman may be found as this: at most 30, which goes to a person and never rejects.",
    ),
    "moderation_rules.label_weights.MALE_BREAST_EXPOSED": (
        0.3,
        "Swimming lessons are harmless, so this goes to a person and never rejects.",
    ),
    "usage_intents.public_site.approval_threshold": (
        10,
        "A person looks at everything that is even faintly sexual.",
    ),
    "usage_intents.public_site.rejection_threshold": (
        40,
        "Risk is medium from here on: for children's eyes, a wrong rejection is the smaller harm.",
    ),
    "usage_intents.store.approval_threshold": (10, "School supplies and toys need no doubtful picture."),
    "usage_intents.store.rejection_threshold": (40, "The same audience as on the public pages."),
    "usage_intents.private.approval_threshold": (10, "A class's own pages have the same audience."),
    "usage_intents.private.rejection_threshold": (
        50,
        "Family pictures from a beach go to a person more often before they are rejected.",
    ),
}

DATING: Figures = {
    "nudenet_config.detection_threshold": (
        0.30,
        "Counts from 25 % in public: bodies fill these pictures, and uncertain guesses would flag too many.",
    ),
    "nudenet_config.body_parts": _parts(
        _SEXUAL, "Only bare intimate parts matter: clothed bodies are welcome."
    ),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (0.5, f"{_MOST_SENSITIVE}: only adults may be on a dating site."),
    "moderation_rules.label_weights.FEMALE_BREAST_COVERED": (
        0,
        "Swimwear and low necklines are ordinary profile pictures.",
    ),
    "moderation_rules.label_weights.BUTTOCKS_COVERED": (
        0,
        "Sports clothes and swimwear are ordinary profile pictures.",
    ),
    "moderation_rules.label_weights.FEMALE_GENITALIA_COVERED": (
        0.3,
        "Underwear in close view is no profile picture: a certain one (67 % or more) goes to a person.",
    ),
    "usage_intents.public_site.approval_threshold": (
        20,
        "Clothed pictures stay under this; any bare intimate part that counts is over it.",
    ),
    "usage_intents.public_site.rejection_threshold": (
        70,
        "Beach pictures get unsure findings, which a person should judge; from 70 % the risk is high.",
    ),
    "usage_intents.private.approval_threshold": (
        40,
        "Private counts from 40 %: what only just counts passes between two adults who chose to talk.",
    ),
    "usage_intents.private.rejection_threshold": (
        85,
        "Unasked-for nudity is the common complaint: what the detector is certain of is not delivered.",
    ),
}

MARKETPLACE: Figures = {
    "nudenet_config.detection_threshold": (
        0.30,
        "Counts from 25 % in public: mannequins and folded clothes give unsure findings under that.",
    ),
    "nudenet_config.body_parts": _parts(
        _WEIGHTY, "Models wear underwear and swimwear, so covered parts are reported."
    ),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (
        1,
        "The server reports a child from a risk of 25 % on; children's wear is sold here.",
    ),
    "moderation_rules.label_weights.FEMALE_BREAST_COVERED": (
        0.2,
        "Bras and swimwear on models are goods: at most 20, which is approved in the store.",
    ),
    "moderation_rules.label_weights.FEMALE_GENITALIA_COVERED": (
        0.2,
        "Underwear and swimwear on models are goods.",
    ),
    "moderation_rules.label_weights.ANUS_COVERED": (0.2, "Underwear and swimwear on models are goods."),
    "moderation_rules.label_weights.BUTTOCKS_COVERED": (0.2, "Jeans and leggings are shown from behind."),
    "usage_intents.public_site.approval_threshold": (15, "Front pages show less than the goods' own pages."),
    "usage_intents.public_site.rejection_threshold": (60, "Only a bare intimate part can reach this."),
    "usage_intents.store.approval_threshold": (
        20,
        "Just what a covered part can reach: clothing on models is approved.",
    ),
    "usage_intents.store.rejection_threshold": (
        65,
        "Only a bare part can reach this; under it a person tells lingerie from an advertisement for sex.",
    ),
    "usage_intents.private.approval_threshold": (
        20,
        "Pictures in messages about goods are like those in the store.",
    ),
    "usage_intents.private.rejection_threshold": (
        65,
        "Pictures in messages about goods are like those in the store.",
    ),
}

ART: Figures = {
    "nudenet_config.detection_threshold": (
        0.35,
        "Counts from 30 % in public: paint, bronze and marble give many unsure findings.",
    ),
    "nudenet_config.body_parts": _parts(_SEXUAL, "Covered parts say nothing about a work of art."),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (
        0.75,
        "The server reports a child from a risk of 20 % on: putti are painted, but real children count.",
    ),
    "moderation_rules.label_weights.FEMALE_BREAST_EXPOSED": (
        0.6,
        "Statues and nudes are the subject: at most 60, which goes to a person and never rejects in public.",
    ),
    "moderation_rules.label_weights.BUTTOCKS_EXPOSED": (
        0.5,
        "Seen from behind a statue is harmless more often than not.",
    ),
    "moderation_rules.label_weights.FEMALE_GENITALIA_EXPOSED": (
        0.85,
        "Nudes show them, pornography dwells on them: rejected in public only from about 94 % on.",
    ),
    "moderation_rules.label_weights.MALE_GENITALIA_EXPOSED": (
        0.85,
        "Antique statues have them: rejected in public only from about 94 % on.",
    ),
    "moderation_rules.label_weights.FEMALE_BREAST_COVERED": (0, "A draped figure needs no look."),
    "moderation_rules.label_weights.BUTTOCKS_COVERED": (0, "A draped figure needs no look."),
    "moderation_rules.label_weights.FEMALE_GENITALIA_COVERED": (0, "A draped figure needs no look."),
    "usage_intents.public_site.approval_threshold": (
        35,
        "A bare breast passes up to a score of 58 % and a back view up to 70 %, which is where statues lie.",
    ),
    "usage_intents.public_site.rejection_threshold": (
        80,
        "Only genitals and an anus can reach this; everything else is a matter of taste for a person.",
    ),
    "usage_intents.store.approval_threshold": (
        35,
        "Prints for sale are seen by everybody, as the gallery is.",
    ),
    "usage_intents.store.rejection_threshold": (
        80,
        "Prints for sale are seen by everybody, as the gallery is.",
    ),
    "usage_intents.private.approval_threshold": (
        60,
        "A portfolio shown to one client: nudes pass, certain findings of genitals go to a person.",
    ),
    "usage_intents.private.rejection_threshold": (
        95,
        "With these weights only an anus can reach this; the rest a person decides.",
    ),
}

ADULT: Figures = {
    "nudenet_config.detection_threshold": (
        0.25,
        "Counts from 20 % in public, so that the record shows everything; nudity alone rejects nothing.",
    ),
    "nudenet_config.body_parts": _parts(_SEXUAL, "Bare parts decide which pages a picture may be on."),
    "blip_config.child_keywords": _KEYWORDS,
    "blip_config.risk_multiplier": (
        0.5,
        f"{_MOST_SENSITIVE}: next to explicit pictures nothing else is acceptable.",
    ),
    "usage_intents.public_site.approval_threshold": (
        20,
        "Pages before the age check: covered parts pass up to 50 %, bare ones only at the least that counts.",
    ),
    "usage_intents.public_site.rejection_threshold": (
        60,
        "Bare parts belong behind the age check, and at 60 % the detector is seldom wrong about one.",
    ),
    "usage_intents.paysite.approval_threshold": (
        95,
        "Explicit pictures of adults are what is sold here; the detector hardly ever scores over 95 %.",
    ),
    "usage_intents.paysite.rejection_threshold": (
        100,
        "Nudity alone does not reject; child safety, whose risk is 100, does.",
    ),
    "usage_intents.store.approval_threshold": (
        40,
        "Covers of films and goods: covered parts, at most 40, pass.",
    ),
    "usage_intents.store.rejection_threshold": (
        85,
        "Covers are seen before paying; under this a person tells a hint from an explicit picture.",
    ),
    "usage_intents.private.approval_threshold": (
        95,
        "Adults who have proved their age exchange explicit pictures.",
    ),
    "usage_intents.private.rejection_threshold": (100, "Nudity alone does not reject; child safety does."),
}
