"""The 18 parts of a body that NudeNet names, and how much each weighs (PROTOCOL.md, "NudeNet's facts")."""

from collections.abc import Mapping
from types import MappingProxyType

from moderation.domain.sentences import LABEL_UNKNOWN

LABELS: tuple[str, ...] = (
    "FEMALE_GENITALIA_COVERED",
    "FACE_FEMALE",
    "BUTTOCKS_EXPOSED",
    "FEMALE_BREAST_EXPOSED",
    "FEMALE_GENITALIA_EXPOSED",
    "MALE_BREAST_EXPOSED",
    "ANUS_EXPOSED",
    "FEET_EXPOSED",
    "BELLY_COVERED",
    "FEET_COVERED",
    "ARMPITS_COVERED",
    "ARMPITS_EXPOSED",
    "FACE_MALE",
    "BELLY_EXPOSED",
    "MALE_GENITALIA_EXPOSED",
    "ANUS_COVERED",
    "FEMALE_BREAST_COVERED",
    "BUTTOCKS_COVERED",
)

SEXUAL_LABELS: frozenset[str] = frozenset(
    {
        "FEMALE_GENITALIA_EXPOSED",
        "MALE_GENITALIA_EXPOSED",
        "ANUS_EXPOSED",
        "BUTTOCKS_EXPOSED",
        "FEMALE_BREAST_EXPOSED",
    }
)

# MALE_GENITALIA_COVERED would belong here, but the model has no such label.
_COVERED_SEXUAL = frozenset(
    {"FEMALE_GENITALIA_COVERED", "ANUS_COVERED", "BUTTOCKS_COVERED", "FEMALE_BREAST_COVERED"}
)


def _default_weight(label: str) -> float:
    if label in SEXUAL_LABELS:
        return 1
    return 0.4 if label in _COVERED_SEXUAL else 0


DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType({label: _default_weight(label) for label in LABELS})

_ABBREVIATIONS = {"F": "FEMALE", "M": "MALE"}
_BY_WORDS = {tuple(sorted(label.split("_"))): label for label in LABELS}


class UnknownLabelError(ValueError):
    """The text is no label of NudeNet's, in neither spelling."""

    def __init__(self, label: str) -> None:
        super().__init__(LABEL_UNKNOWN % {"label": repr(label[:64])})
        self.label = label


def canonical(label: str) -> str:
    """The label as the model spells it today, for today's spelling and the older one (`EXPOSED_BREAST_F`).

    The words may stand in any order and case, which covers every spelling that older configurations use.

    Raises:
        UnknownLabelError: no label has these words.

    """
    words = [_ABBREVIATIONS.get(word, word) for word in label.strip().upper().split("_")]
    known = _BY_WORDS.get(tuple(sorted(words)))
    if known is None:
        raise UnknownLabelError(label)
    return known


def in_words(label: str) -> str:
    """A canonical label for a sentence: `FEMALE_BREAST_EXPOSED` becomes `exposed female breast`."""
    words = label.lower().split("_")
    if words[0] == "face":
        return f"{words[1]} face"
    return " ".join([words[-1], *words[:-1]])
