from typing import Any

import pytest

from moderation.domain.changes import Change, changes


def test_changes_of_a_value_names_path_and_source() -> None:
    found = changes({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {"a.b": "template", "a.c": "site"})
    assert found == (Change("a.c", 2, 3, "site"),)
    assert found[0].payload() == {"path": "a.c", "before": 2, "after": 3, "source": "site"}


def test_changes_tells_an_added_and_a_removed_object_value_by_value() -> None:
    found = changes({"a": {"x": {"low": 1, "high": 2}}}, {"a": {"y": {"low": 1}}}, {"a.y.low": "site"})
    assert found == (
        Change("a.x.high", 2, None, "derived"),
        Change("a.x.low", 1, None, "derived"),
        Change("a.y.low", None, 1, "site"),
    )


def test_changes_takes_a_list_as_one_value() -> None:
    assert changes({"a": [1, 2]}, {"a": [1]}, {}) == (Change("a", [1, 2], [1], "derived"),)


@pytest.mark.parametrize(
    ("before", "after"), [(7, 7.0), (0.0, -0.0), (None, None), ({}, {}), ({}, None), ([1], [1.0])]
)
def test_changes_finds_none_between_equal_values(before: object, after: object) -> None:
    assert changes({"a": before}, {"a": after}, {}) == ()


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), (7, "7"), ({"b": 1}, 5), ([], None)])
def test_changes_tells_values_of_two_kinds_apart(before: Any, after: Any) -> None:
    assert changes({"a": before}, {"a": after}, {}) == (Change("a", before, after, "derived"),)


def test_changes_is_sorted_by_path() -> None:
    found = changes({"b": 1, "a": {"z": 1, "c": 1}}, {}, {})
    assert [change.path for change in found] == ["a.c", "a.z", "b"]
