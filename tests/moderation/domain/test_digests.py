import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.digests import canonical_json, digest

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_canonical_json_is_sorted_without_spaces_in_utf8() -> None:
    assert canonical_json({"b": [1.5, "é"], "a": {"d": None, "c": True}}) == (
        '{"a":{"c":true,"d":null},"b":[1.5,"é"]}'.encode()
    )


def test_digest_is_the_known_sha256() -> None:
    # printf '{"a":7}' | sha256sum
    assert digest({"a": 7.0}) == "906162c307d04d1b08bacae28759f8c011fd6bdb8d4a1c74e64aae5f2e86139a"


@pytest.mark.parametrize(("one", "other"), [(7, 7.0), (0, -0.0), (0.0, -0.0), ([1], (1.0,)), (10**22, 1e22)])
def test_digest_agrees_for_one_number(one: object, other: object) -> None:
    assert digest({"n": one}) == digest({"n": other})


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), (7, "7"), (7, 7.5), (None, 0)])
def test_digest_differs_for_two_values(one: object, other: object) -> None:
    assert digest({"n": one}) != digest({"n": other})


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_digest_refuses_what_json_cannot_hold(number: float) -> None:
    with pytest.raises(ValueError):
        digest({"a": [{"b": number}]})


@pytest.mark.parametrize("value", [{1: "a"}, {True: "a"}, {"a": {1, 2}}])
def test_digest_refuses_what_is_not_json(value: object) -> None:
    with pytest.raises(TypeError):
        digest(value)


def test_digest_refuses_a_lone_surrogate() -> None:
    with pytest.raises(ValueError):
        digest({"a": "\ud800"})


@given(st.dictionaries(st.text(), json_values))
def test_digest_does_not_depend_on_the_order_of_keys(document: dict[str, object]) -> None:
    assert digest(dict(reversed(document.items()))) == digest(document)
