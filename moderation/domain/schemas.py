"""The four JSON documents in which a site and a template say how pictures are moderated.

Each document may be partial: a site's holds only what differs from its template. The models carry titles,
descriptions and ranges, so that a form can be drawn from them.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from moderation.domain import sentences
from moderation.domain.errors import ConfigurationError, FieldError
from moderation.domain.field_errors import field_errors
from moderation.domain.keywords import has_words
from moderation.domain.labels import UnknownLabelError, canonical

__all__ = [
    "DOCUMENTS",
    "INTENTS",
    "BlipConfig",
    "Documents",
    "Intent",
    "ModerationRules",
    "NudenetConfig",
    "UsageIntents",
    "missing_detection_threshold",
    "missing_risk_multiplier",
    "parse_complete",
    "parse_documents",
]

IntentName = Literal["public_site", "paysite", "store", "private"]
INTENTS: tuple[IntentName, ...] = ("public_site", "paysite", "store", "private")
DOCUMENTS: tuple[str, ...] = ("nudenet_config", "blip_config", "moderation_rules", "usage_intents")
_MOST_KEYWORDS = 200


def shortest(value: float) -> float:
    """An integral float as an integer (`7.0` is stored as `7`, `-0.0` as `0`)."""
    return int(value) if value.is_integer() else value


def canonical_label(label: str) -> str:
    """`labels.canonical` with the error that pydantic collects."""
    try:
        return canonical(label)
    except UnknownLabelError as error:
        raise PydanticCustomError("unknown_label", "{reason}", {"reason": str(error)}) from error


def _each_once(labels: list[str]) -> list[str]:
    return list(dict.fromkeys(labels))


def _one_value_each(weights: object) -> object:
    """Refuse two spellings of one label with different values, where the last would silently win."""
    seen: dict[str, object] = {}
    for label, weight in weights.items() if isinstance(weights, Mapping) else ():
        try:
            known = canonical(str(label))
        except UnknownLabelError:
            continue  # the key's own type reports it
        if known in seen and seen[known] != weight:
            raise PydanticCustomError(
                "duplicate_label",
                "{reason}",
                {"key": str(label), "reason": sentences.LABEL_TWICE % {"known": known}},
            )
        seen[known] = weight
    return weights


def _keyword(text: str) -> str:
    if not text.isprintable() or not has_words(text):
        raise PydanticCustomError("keyword", "{reason}", {"reason": sentences.KEYWORD_BAD})
    return " ".join(text.lower().split())


Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(shortest)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), AfterValidator(shortest)]
Multiplier = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False), AfterValidator(shortest)]
Label = Annotated[str, AfterValidator(canonical_label)]
LabelWeights = Annotated[dict[Label, Fraction], BeforeValidator(_one_value_each)]
Keyword = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(_keyword)
]


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NudenetConfig(_Document):
    """How sure the detector of body parts must be."""

    detection_threshold: Fraction | None = Field(
        default=None,
        title="Detection threshold",
        description="How sure the detector must be before a part counts. Lower finds more and errs more.",
        json_schema_extra={"unit": "from 0 to 1"},
    )
    body_parts: Annotated[list[Label], Field(min_length=1), AfterValidator(_each_once)] | None = Field(
        default=None,
        title="Body parts",
        description="The parts that are reported with their place in the picture.",
        json_schema_extra={"unit": "labels"},
    )


class BlipConfig(_Document):
    """What captions are searched for."""

    child_keywords: (
        Annotated[list[Keyword], Field(max_length=_MOST_KEYWORDS), AfterValidator(_each_once)] | None
    ) = Field(
        default=None,
        title="Child-safety keywords",
        description="Words in a caption that tell of a child; the built-in list and the template's stay.",
        json_schema_extra={"unit": "words"},
    )
    risk_multiplier: Multiplier | None = Field(
        default=None,
        title="Child-risk multiplier",
        description="Sets the risk at which the server itself reports a child: 20 times this, plus 5.",
        json_schema_extra={"unit": "from 0 to 5"},
    )


class ModerationRules(_Document):
    """How much each part of a body adds to the score."""

    label_weights: LabelWeights | None = Field(
        default=None,
        title="Label weights",
        description="What a part's score is multiplied with: 0 ignores it, 1 counts it in full.",
        json_schema_extra={"unit": "from 0 to 1"},
    )


class Intent(_Document):
    """Where pictures for one use are approved, looked at by a person, or rejected."""

    approval_threshold: Percent | None = Field(
        default=None,
        title="Approve up to",
        description="A risk up to this is approved.",
        json_schema_extra={"unit": "%"},
    )
    rejection_threshold: Percent | None = Field(
        default=None,
        title="Reject from",
        description="A risk from this on is rejected. What lies between goes to a person.",
        json_schema_extra={"unit": "%"},
    )

    @model_validator(mode="after")
    def _not_inverted(self) -> Self:
        approval, rejection = self.approval_threshold, self.rejection_threshold
        if approval is not None and rejection is not None and approval >= rejection:
            reason = sentences.THRESHOLDS_INVERTED % {"approval": approval, "rejection": rejection}
            raise PydanticCustomError(
                "inverted_thresholds", "{reason}", {"key": "approval_threshold", "reason": reason}
            )
        return self


class UsageIntents(_Document):
    """The uses for which a site accepts pictures."""

    public_site: Intent | None = Field(
        default=None, title="Public pages", description="Pages that anybody can open."
    )
    paysite: Intent | None = Field(
        default=None,
        title="Paid adult pages",
        description="Pages for adults who have paid; needs an attestation.",
    )
    store: Intent | None = Field(default=None, title="Store", description="Pictures of goods for sale.")
    private: Intent | None = Field(
        default=None, title="Private", description="Pictures shared between few people."
    )


class Documents(_Document):
    """The four documents, checked; what is absent is None."""

    nudenet_config: NudenetConfig = NudenetConfig()
    blip_config: BlipConfig = BlipConfig()
    moderation_rules: ModerationRules = ModerationRules()
    usage_intents: UsageIntents = UsageIntents()

    def as_dict(self) -> dict[str, Any]:
        """All four documents as JSON to store: canonical labels, only what was set."""
        return self.model_dump(exclude_none=True)


def parse_documents(documents: Mapping[str, object]) -> Documents:
    """Check documents that may be partial; an absent or null document or value says nothing.

    Labels come out in their canonical spelling, keywords in lower case, both without repetitions.

    Raises:
        ConfigurationError: with every place that is wrong (the first 50).

    """
    present = {name: document for name, document in documents.items() if document is not None}
    try:
        return Documents.model_validate(present)
    except ValidationError as error:
        raise ConfigurationError(field_errors(error)) from error


def parse_complete(documents: Mapping[str, object]) -> Documents:
    """Check documents that are to be deployed: like `parse_documents`, and nothing that a decision needs is
    missing.

    Needed are `blip_config.risk_multiplier` and at least one usage intent, each with both thresholds;
    `body_parts` needs a `detection_threshold`. Without a detection threshold every detection counts, which is
    strict, not wrong.

    Raises:
        ConfigurationError: with every place that is wrong or missing.

    """
    parsed = parse_documents(documents)
    errors = [
        *missing_detection_threshold(parsed.nudenet_config),
        *missing_risk_multiplier(parsed.blip_config),
        *_missing_thresholds(parsed.usage_intents),
    ]
    if errors:
        raise ConfigurationError(errors)
    return parsed


def missing_detection_threshold(config: NudenetConfig) -> list[FieldError]:
    """The error where `body_parts` stand without the `detection_threshold` that theirs comes from."""
    if config.body_parts is None or config.detection_threshold is not None:
        return []
    return [FieldError("nudenet_config.detection_threshold", sentences.THRESHOLD_NEEDED, "MISSING")]


def missing_risk_multiplier(config: BlipConfig) -> list[FieldError]:
    """The error where there is no `risk_multiplier`."""
    if config.risk_multiplier is not None:
        return []
    return [FieldError("blip_config.risk_multiplier", sentences.MULTIPLIER_NEEDED, "MISSING")]


def _missing_thresholds(intents: UsageIntents) -> list[FieldError]:
    given: dict[str, dict[str, float]] = intents.model_dump(exclude_none=True)
    if not given:
        return [FieldError("usage_intents", "Set the thresholds of at least one usage intent.", "MISSING")]
    return [
        FieldError(
            f"usage_intents.{intent}.{key}", "Set this threshold, a percentage from 0 to 100.", "MISSING"
        )
        for intent, thresholds in given.items()
        for key in ("approval_threshold", "rejection_threshold")
        if key not in thresholds
    ]
