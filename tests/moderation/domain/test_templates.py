import pytest

from moderation.domain.decisions import decide
from moderation.domain.detections import Detection
from moderation.domain.effective import effective
from moderation.domain.labels import SEXUAL_LABELS
from moderation.domain.paths import leaves
from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.schemas import parse_complete, parse_documents
from moderation.domain.templates import INDUSTRY_TEMPLATES, IndustryTemplate
from moderation.domain.translation import server_warnings, translate
from moderation.domain.verdicts import Verdict, severity

BY_NAME = {template.name: template for template in INDUSTRY_TEMPLATES}
every_template = pytest.mark.parametrize("template", INDUSTRY_TEMPLATES, ids=list(BY_NAME))


def profile_of(template: IndustryTemplate) -> Profile:
    documents = effective(template.documents, {}).documents
    translation = translate(documents)
    return parse_profile(
        {
            "nudenet": translation.nudenet,
            "blip": translation.blip,
            "moderation_rules": documents["moderation_rules"],
            "usage_intents": documents["usage_intents"],
        }
    )


def decided(name: str, label: str, score: float, intent: str = "public_site") -> Verdict:
    return decide(
        [Detection(label, score)],
        profile_of(BY_NAME[name]),
        context_type=None,
        usage_intent=intent,
        caption="a statue",
        children_detected=None,
    )


def test_there_are_the_six() -> None:
    assert list(BY_NAME) == [
        "conservative_mainstream",
        "family_education",
        "dating_social",
        "marketplace",
        "art_photography",
        "adult_18",
    ]


@every_template
def test_a_template_is_complete_and_stored_canonical(template: IndustryTemplate) -> None:
    stored = parse_complete(template.documents).as_dict()
    assert {name: document for name, document in stored.items() if document} == template.documents


@every_template
def test_a_template_translates_without_a_warning_on_a_native_server(template: IndustryTemplate) -> None:
    assert translate(template.documents).warnings == ()
    assert server_warnings(template.documents) == ()


@every_template
def test_a_template_gives_a_reason_for_every_figure(template: IndustryTemplate) -> None:
    assert set(template.rationale) == {path for path, _ in leaves(template.documents)}
    assert all(reason.endswith(".") for reason in template.rationale.values())


@every_template
def test_a_template_stays_where_the_detector_is_useful(template: IndustryTemplate) -> None:
    threshold = parse_documents(template.documents).nudenet_config.detection_threshold
    assert threshold is not None
    assert 0.25 <= threshold <= 0.50


@every_template
def test_a_template_cannot_soften_child_safety(template: IndustryTemplate) -> None:
    profile = profile_of(template)
    for label in SEXUAL_LABELS:
        verdict = decide(
            [Detection(label, 20)],
            profile,
            context_type="private_share",
            usage_intent="private",
            caption="a toddler in a bath",
            children_detected=None,
        )
        assert (verdict.decision, verdict.escalated) == ("rejected", True)


@every_template
def test_only_the_adult_template_has_paid_pages_and_their_conditions(template: IndustryTemplate) -> None:
    is_adult = template.name == "adult_18"
    assert ("paysite" in template.documents["usage_intents"]) == is_adult
    assert (template.needs_attestation, template.needs_blip) == (is_adult, is_adult)


@pytest.mark.parametrize(
    ("name", "label", "score", "intent", "decision"),
    [
        ("conservative_mainstream", "BUTTOCKS_EXPOSED", 83.5, "public_site", "rejected"),
        ("family_education", "BUTTOCKS_EXPOSED", 83.5, "public_site", "rejected"),
        ("family_education", "FEMALE_BREAST_COVERED", 60, "public_site", "flagged"),
        ("family_education", "FEMALE_GENITALIA_COVERED", 67, "public_site", "rejected"),
        ("dating_social", "FEMALE_BREAST_COVERED", 95, "public_site", "approved"),
        ("dating_social", "FEMALE_BREAST_EXPOSED", 75, "public_site", "rejected"),
        ("marketplace", "FEMALE_BREAST_COVERED", 95, "store", "approved"),
        ("marketplace", "FEMALE_BREAST_EXPOSED", 95, "store", "rejected"),
        ("art_photography", "FEMALE_BREAST_EXPOSED", 58, "public_site", "approved"),
        ("art_photography", "FEMALE_BREAST_EXPOSED", 95, "public_site", "flagged"),
        ("art_photography", "ANUS_EXPOSED", 85, "public_site", "rejected"),
        ("adult_18", "FEMALE_GENITALIA_EXPOSED", 93, "paysite", "approved"),
        ("adult_18", "FEMALE_GENITALIA_EXPOSED", 93, "public_site", "rejected"),
    ],
)
def test_a_template_decides_as_its_trade_expects(
    name: str, label: str, score: float, intent: str, decision: str
) -> None:
    assert decided(name, label, score, intent).decision == decision


@pytest.mark.parametrize("label", sorted(SEXUAL_LABELS))
@pytest.mark.parametrize("score", [25, 45, 65, 85])
def test_family_is_at_least_as_strict_as_every_other_template(label: str, score: float) -> None:
    family = severity(decided("family_education", label, score).decision)
    assert all(family >= severity(decided(name, label, score).decision) for name in BY_NAME)
