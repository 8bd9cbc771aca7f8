"""A site's settings as a form: sliders out of the effective configuration, overrides out of what was posted.

A figure that equals its template's is no override: a slider that is moved back follows the template again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from moderation.domain.effective import Effective, effective
from moderation.domain.labels import DEFAULT_WEIGHTS, LABELS, SEXUAL_LABELS
from moderation.domain.paths import leaves, nested
from moderation.domain.schemas import DOCUMENTS, INTENTS, Intent, UsageIntents
from moderation.portal import words
from moderation.portal.sliders import Figures, Slider, field_id
from moderation.selectors import reasons

THRESHOLD = "nudenet_config.detection_threshold"
KEYWORDS = "blip_config.child_keywords"
WEIGHT = "moderation_rules.label_weights"
# Programs may set these; the form offers neither, for nothing that decides reads them: every part that is
# found is reported, listed or not, and no figure softens the rule of child safety (PROTOCOL.md).
WITHOUT_FIELD = frozenset({"nudenet_config.body_parts", "blip_config.risk_multiplier"})
USED = "uses"  # checkboxes: intents that the site has beside its template's
SUGGESTED = {"approval_threshold": 15, "rejection_threshold": 60}
COVERED = frozenset(label for label, weight in DEFAULT_WEIGHTS.items() if weight) - SEXUAL_LABELS


@dataclass(frozen=True)
class Use:
    """One usage intent: its two thresholds, or the offer to have it."""

    name: str
    title: str
    description: str
    approval: Slider
    rejection: Slider
    is_used: bool
    is_templates: bool

    @property
    def between(self) -> float:
        return max(0, float(self.rejection.value) - float(self.approval.value))


@dataclass(frozen=True)
class FormError:
    """One mistake for the list on top, with the id of the field that it leads to."""

    title: str
    message: str
    field: str


@dataclass(frozen=True)
class SettingsForm:
    """What the settings' template draws."""

    detection: Slider
    weights_exposed: list[Slider]
    weights_covered: list[Slider]
    weights_other: list[Slider]
    uses: list[Use]
    offered: list[Use]
    keywords_own: str
    keywords_of_template: list[str]
    errors: list[FormError]


def form_of(
    template: Mapping[str, Any],
    overrides: Mapping[str, Any],
    *,
    rationale: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> SettingsForm:
    """The form for a site with these overrides of this template. `errors`: one sentence by dotted path."""
    base = effective(template, {})
    given = dict(leaves(base.documents))
    figures = Figures(
        values=given | dict(leaves(overrides)), template=given, rationale=rationale, errors=dict(errors or {})
    )
    uses = [use(name, figures) for name in INTENTS]
    own = dict(leaves(overrides)).get(KEYWORDS, [])
    return SettingsForm(
        detection=figures.slider(THRESHOLD, gettext("Counts from"), most=1, step=0.01),
        weights_exposed=weights(figures, [label for label in LABELS if label in SEXUAL_LABELS]),
        weights_covered=weights(figures, [label for label in LABELS if label in COVERED]),
        weights_other=weights(figures, [label for label in LABELS if label not in SEXUAL_LABELS | COVERED]),
        uses=[found for found in uses if found.is_used],
        offered=[found for found in uses if not found.is_used and found.name != "paysite"],
        keywords_own="\n".join(own),
        keywords_of_template=given.get(KEYWORDS, []),
        errors=[
            FormError(words.title(path), message, field_id(path)) for path, message in (errors or {}).items()
        ],
    )


def weights(figures: Figures, labels: list[str]) -> list[Slider]:
    return [figures.slider(f"{WEIGHT}.{label}", reasons.part(label), most=1, step=0.05) for label in labels]


def titled(threshold: str) -> str:
    return gettext(str(Intent.model_fields[threshold].title))


def use(name: str, figures: Figures) -> Use:
    model = UsageIntents.model_fields[name]
    paths = {key: f"usage_intents.{name}.{key}" for key in SUGGESTED}
    approval, rejection = (
        figures.slider(path, titled(key), most=100, step=1, fallback=SUGGESTED[key])
        for key, path in paths.items()
    )
    return Use(
        name=name,
        title=gettext(str(model.title)),
        description=gettext(str(model.description)),
        approval=approval,
        rejection=rejection,
        is_used=any(path in figures.values for path in paths.values()),
        is_templates=any(path in figures.template for path in paths.values()),
    )


def overrides_of(
    posted: QueryDict, template: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """The four documents that the posted form says, each holding only what differs from the template.

    `kept` are values by dotted path that count where the form did not post their field (`closed.kept_of`).
    Numbers that cannot be read are handed on as text: the schemas name their path and say what is wrong.
    """
    base: Effective = effective(template, {})
    given = dict(leaves(base.documents))
    own: dict[str, Any] = {path: value for path, value in (kept or {}).items() if path not in posted}
    for path in paths_of(posted, given):
        number = read_number(posted.get(path, ""))
        if number != given.get(path):
            own[path] = number
    keywords = [
        word.strip() for word in posted.get(KEYWORDS, "").replace(",", "\n").splitlines() if word.strip()
    ]
    if keywords:
        own[KEYWORDS] = keywords
    return {name: {} for name in DOCUMENTS} | nested(own)


def paths_of(posted: QueryDict, given: Mapping[str, Any]) -> list[str]:
    """The figures of the form that count: those of a use that the site does not have are left out."""
    used = {
        *posted.getlist(USED),
        *(path.split(".")[1] for path in given if path.startswith("usage_intents.")),
    }
    paths = [THRESHOLD, *(f"{WEIGHT}.{label}" for label in LABELS)]
    paths += [f"usage_intents.{name}.{key}" for name in INTENTS if name in used for key in SUGGESTED]
    return [path for path in paths if path in posted]


def read_number(text: str) -> float | str:
    """A finite number, or the text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
