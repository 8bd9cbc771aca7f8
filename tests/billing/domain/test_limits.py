"""Plain questions about figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.domain.limits import UNLIMITED, Plan, cheapest_with_feature, cheapest_with_room, has_room

PLANS = [
    Plan("dear", 2, frozenset({"a", "b"}), {"sites": UNLIMITED}),
    Plan("cheap", 0, frozenset({"a"}), {"sites": 1}),
    Plan("middle", 1, frozenset({"a", "b"}), {"sites": 5}),
]


@pytest.mark.parametrize(
    ("limit", "used", "fits"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (1, 2, False), (UNLIMITED, 10**9, True)],
)
def test_one_more_fits_below_the_limit(limit: int, used: int, fits: bool) -> None:
    assert has_room(limit, used) is fits


@pytest.mark.parametrize(
    ("used", "name"), [(0, "cheap"), (1, "middle"), (4, "middle"), (5, "dear"), (10**9, "dear")]
)
def test_the_cheapest_with_room(used: int, name: str) -> None:
    assert cheapest_with_room(PLANS, "sites", used) == name


def test_no_plan_has_room() -> None:
    assert cheapest_with_room(PLANS[1:], "sites", 5) is None
    assert cheapest_with_room([], "sites", 0) is None


@pytest.mark.parametrize(("feature", "name"), [("a", "cheap"), ("b", "middle"), ("c", None)])
def test_the_cheapest_with_a_feature(feature: str, name: str | None) -> None:
    assert cheapest_with_feature(PLANS, feature) == name


@given(st.integers(-1, 50), st.lists(st.booleans(), max_size=100))
def test_never_more_than_the_limit(limit: int, asked: list[bool]) -> None:
    used = 0
    for _ in asked:
        used += has_room(limit, used)
    assert used == (len(asked) if limit == UNLIMITED else min(limit, len(asked)))
