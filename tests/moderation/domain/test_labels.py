import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.labels import (
    DEFAULT_WEIGHTS,
    LABELS,
    SEXUAL_LABELS,
    UnknownLabelError,
    canonical,
    in_words,
)

OLD_SPELLINGS = {
    "COVERED_GENITALIA_F": "FEMALE_GENITALIA_COVERED",
    "FACE_F": "FACE_FEMALE",
    "EXPOSED_BUTTOCKS": "BUTTOCKS_EXPOSED",
    "EXPOSED_BREAST_F": "FEMALE_BREAST_EXPOSED",
    "EXPOSED_GENITALIA_F": "FEMALE_GENITALIA_EXPOSED",
    "EXPOSED_BREAST_M": "MALE_BREAST_EXPOSED",
    "EXPOSED_ANUS": "ANUS_EXPOSED",
    "EXPOSED_FEET": "FEET_EXPOSED",
    "COVERED_BELLY": "BELLY_COVERED",
    "COVERED_FEET": "FEET_COVERED",
    "COVERED_ARMPITS": "ARMPITS_COVERED",
    "EXPOSED_ARMPITS": "ARMPITS_EXPOSED",
    "FACE_M": "FACE_MALE",
    "EXPOSED_BELLY": "BELLY_EXPOSED",
    "EXPOSED_GENITALIA_M": "MALE_GENITALIA_EXPOSED",
    "COVERED_ANUS": "ANUS_COVERED",
    "COVERED_BREAST_F": "FEMALE_BREAST_COVERED",
    "COVERED_BUTTOCKS": "BUTTOCKS_COVERED",
}


@pytest.mark.parametrize(("old", "new"), OLD_SPELLINGS.items())
def test_canonical_for_the_old_spelling(old: str, new: str) -> None:
    assert canonical(old) == new
    assert canonical(f" {old.lower()} ") == new


def test_old_spellings_cover_every_label() -> None:
    assert set(OLD_SPELLINGS.values()) == set(LABELS)
    assert len(LABELS) == 18


@given(st.sampled_from(LABELS))
def test_canonical_leaves_todays_spelling_alone(label: str) -> None:
    assert canonical(label) == label
    assert canonical(label.title()) == label


@pytest.mark.parametrize(
    "label", ["", "BREAST", "EXPOSED_NOSE", "EXPOSED_EXPOSED_ANUS", "FACE", "ANUS EXPOSED"]
)
def test_canonical_refuses_what_is_no_label(label: str) -> None:
    with pytest.raises(UnknownLabelError):
        canonical(label)


def test_default_weights_are_the_protocols() -> None:
    covered = {"FEMALE_GENITALIA_COVERED", "ANUS_COVERED", "BUTTOCKS_COVERED", "FEMALE_BREAST_COVERED"}
    assert {label for label, weight in DEFAULT_WEIGHTS.items() if weight == 1} == SEXUAL_LABELS
    assert {label for label, weight in DEFAULT_WEIGHTS.items() if weight == 0.4} == covered
    assert sum(DEFAULT_WEIGHTS.values()) == pytest.approx(5 + 4 * 0.4)
    assert "MALE_BREAST_EXPOSED" not in SEXUAL_LABELS


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("FEMALE_BREAST_EXPOSED", "exposed female breast"),
        ("BUTTOCKS_COVERED", "covered buttocks"),
        ("FACE_MALE", "male face"),
    ],
)
def test_in_words_reads_as_a_sentence_does(label: str, words: str) -> None:
    assert in_words(label) == words
