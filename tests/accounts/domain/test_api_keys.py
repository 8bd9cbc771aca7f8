import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain import api_keys


@pytest.mark.parametrize(("mode", "prefix"), [("live", "mn_live_"), ("test", "mn_test_")])
def test_a_key_has_its_form(mode: str, prefix: str) -> None:
    text = api_keys.generate(mode)

    assert re.fullmatch(prefix + "[0-9A-Za-z]{38}", text)
    assert api_keys.is_api_key(text)
    assert api_keys.is_well_formed(text)


def test_keys_differ() -> None:
    assert len({api_keys.generate("live") for _ in range(1000)}) == 1000


@given(position=st.integers(8, 45), letter=st.sampled_from(api_keys.ALPHABET))
def test_one_wrong_letter_is_seen(position: int, letter: str) -> None:
    text = api_keys.generate("live")
    wrong = text[:position] + letter + text[position + 1 :]

    assert api_keys.is_well_formed(wrong) == (wrong == text)


@pytest.mark.parametrize(
    "text", ["", "mn_live_", "mn_live_" + "a" * 38, "mn_live_" + "é" * 38, "sk_live_" + "a" * 38]
)
def test_other_texts_are_no_keys(text: str) -> None:
    assert not api_keys.is_well_formed(text)


@given(st.text())
def test_no_text_makes_it_fall(text: str) -> None:
    assert not api_keys.is_well_formed(text)


def test_a_checksum_is_of_six_letters_whatever_the_text() -> None:
    assert {len(api_keys.checksum(str(number))) for number in range(200)} == {6}


def test_a_digest_is_of_the_whole_key() -> None:
    text = api_keys.generate("live")

    assert re.fullmatch("[0-9a-f]{64}", api_keys.digest(text))
    assert api_keys.digest(text) != api_keys.digest(text[:-1])
