import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.keywords import BUILT_IN_CHILD_KEYWORDS, expand, found_in
from tests.moderation.domain.strategies import phrases

keyword_lists = st.lists(phrases | st.sampled_from(BUILT_IN_CHILD_KEYWORDS) | st.text(max_size=8), max_size=6)


@pytest.mark.parametrize(
    ("keyword", "expanded"),
    [
        ("child", ["child", "children"]),
        ("Baby", ["babies", "baby"]),
        ("boy", ["boy", "boys"]),
        ("kids", ["kids"]),
        ("children", ["children"]),
        ("class", ["class", "classes"]),
        ("school  Child", ["school child", "school children"]),
        ("human", ["human", "humans"]),
        ("u18", ["u18"]),
        ("  ", []),
    ],
)
def test_expand_adds_the_plural(keyword: str, expanded: list[str]) -> None:
    assert expand([keyword]) == expanded


@given(keyword_lists)
def test_expand_again_changes_nothing(keywords: list[str]) -> None:
    assert expand(expand(keywords)) == expand(keywords)


@given(keyword_lists, st.randoms())
def test_expand_does_not_depend_on_order_or_repetition(keywords: list[str], shuffler: random.Random) -> None:
    shuffled = [*keywords, *keywords]
    shuffler.shuffle(shuffled)
    assert expand(shuffled) == expand(keywords)


@given(keyword_lists)
def test_expand_is_sorted_and_keeps_every_keyword(keywords: list[str]) -> None:
    expanded = expand(keywords)
    assert expanded == sorted(set(expanded))
    assert {" ".join(word.lower().split()) for word in keywords} - {""} <= set(expanded)


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("a child on a beach", ["child"]),
        ("A CHILD'S toy", ["child"]),
        ("a child-like drawing", ["child"]),
        ("two children, and a toddler.", ["children", "toddler"]),
        ("child_photo", ["child"]),
        ("a ｃｈｉｌｄ", ["child"]),
        ("memories of childhood", []),
        ("a kidney on a plate", []),
        ("a woman smiling", []),
        ("a girlfriend", []),
        ("a man with a tattoo of a cowboy", []),
        ("an 8-year-old on a swing", ["8 year old"]),
        ("a 38 year old woman", []),
        ("", []),
    ],
)
def test_found_in_looks_for_whole_words(caption: str, found: list[str]) -> None:
    assert found_in(caption, expand(BUILT_IN_CHILD_KEYWORDS)) == found


def test_found_in_finds_a_phrase_across_white_space() -> None:
    assert found_in("the High\n school's gym", ["high school"]) == ["high school"]


@pytest.mark.parametrize("keyword", ["", " ", "!?", "_", "\U0001f476"])
def test_found_in_finds_nothing_for_a_keyword_without_words(keyword: str) -> None:
    assert found_in("! ? _ \U0001f476 a woman", [keyword]) == []


@given(phrases, phrases)
def test_found_in_finds_what_stands_there(before: str, keyword: str) -> None:
    assert found_in(f"{before}, {keyword}.", [keyword]) == [keyword]
