from typing import Any

import pytest
from django.http import QueryDict

from moderation.domain.labels import LABELS
from moderation.domain.schemas import parse_documents
from moderation.domain.templates import INDUSTRY_TEMPLATES
from moderation.portal.settings_form import (
    KEYWORDS,
    THRESHOLD,
    SettingsForm,
    form_of,
    overrides_of,
)

TEMPLATES = {template.name: template.documents for template in INDUSTRY_TEMPLATES}
FAMILY = TEMPLATES["family_education"]
DATING = TEMPLATES["dating_social"]
NOTHING: dict[str, Any] = {
    "nudenet_config": {},
    "blip_config": {},
    "moderation_rules": {},
    "usage_intents": {},
}


def posted(form: SettingsForm, **changes: Any) -> QueryDict:
    """What a browser would send for this form, with some fields changed."""
    data = QueryDict(mutable=True)
    sliders = [
        form.detection,
        *form.weights_exposed,
        *form.weights_covered,
        *form.weights_other,
    ]
    for use in (*form.uses, *form.offered):
        sliders += [use.approval, use.rejection]
    for slider in sliders:
        data[slider.name] = str(slider.value)
    data[KEYWORDS] = form.keywords_own
    data.setlist("uses", [use.name for use in form.uses if not use.is_templates])
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


@pytest.mark.parametrize("name", TEMPLATES)
def test_untouched_form_overrides_nothing(name: str) -> None:
    template = TEMPLATES[name]
    assert overrides_of(posted(form_of(template, NOTHING, rationale={})), template) == NOTHING


def test_form_of_overrides_gives_the_same_overrides_back() -> None:
    overrides = {
        "nudenet_config": {"detection_threshold": 0.4},
        "blip_config": {"child_keywords": ["pupil", "cadet"]},
        "moderation_rules": {"label_weights": {"BELLY_EXPOSED": 0.25}},
        "usage_intents": {"store": {"approval_threshold": 5, "rejection_threshold": 50}},
    }
    form = form_of(DATING, overrides, rationale={})
    assert overrides_of(posted(form), DATING) == overrides


def test_moved_slider_is_an_override_and_parses() -> None:
    data = posted(form_of(FAMILY, NOTHING, rationale={}), **{THRESHOLD: "0.3"})
    overrides = overrides_of(data, FAMILY)
    assert overrides == NOTHING | {"nudenet_config": {"detection_threshold": 0.3}}
    parse_documents(overrides)


def test_slider_moved_back_is_no_override() -> None:
    overrides = {"nudenet_config": {"detection_threshold": 0.4}}
    form = form_of(FAMILY, overrides, rationale={})
    assert form.detection.is_own
    data = posted(form, **{THRESHOLD: form.detection.template_value})
    assert overrides_of(data, FAMILY) == NOTHING


def test_offered_use_counts_only_when_chosen() -> None:
    form = form_of(DATING, NOTHING, rationale={})
    assert [use.name for use in form.offered] == ["store"]
    assert overrides_of(posted(form), DATING)["usage_intents"] == {}
    chosen = overrides_of(posted(form, uses=["store"]), DATING)["usage_intents"]
    assert chosen == {"store": {"approval_threshold": 15, "rejection_threshold": 60}}


def test_paysite_is_never_offered() -> None:
    for template in TEMPLATES.values():
        assert "paysite" not in [use.name for use in form_of(template, NOTHING, rationale={}).offered]


def test_unknown_fields_of_the_form_are_ignored() -> None:
    data = posted(
        form_of(FAMILY, NOTHING, rationale={}), **{"nudenet_config.evil": "1", "usage_intents.x.y": "2"}
    )
    assert overrides_of(data, FAMILY) == NOTHING


@pytest.mark.parametrize("text", ["", "abc", "1e999", "nan", "-inf", "0x10", "½"])
def test_what_is_no_number_still_draws_and_is_handed_to_the_schemas(text: str) -> None:
    data = posted(form_of(FAMILY, NOTHING, rationale={}), **{THRESHOLD: text})
    overrides = overrides_of(data, FAMILY)
    with pytest.raises(ValueError, match="detection_threshold"):
        parse_documents(overrides)
    assert form_of(FAMILY, overrides, rationale={}).detection.value == 0.25


def test_every_label_has_one_slider() -> None:
    form = form_of(FAMILY, NOTHING, rationale={})
    sliders = [*form.weights_exposed, *form.weights_covered, *form.weights_other]
    assert sorted(slider.name.rpartition(".")[2] for slider in sliders) == sorted(LABELS)


def test_bands_between_never_are_negative() -> None:
    overrides = {"usage_intents": {"store": {"approval_threshold": 90, "rejection_threshold": 10}}}
    store = next(use for use in form_of(FAMILY, overrides, rationale={}).uses if use.name == "store")
    assert store.between == 0
