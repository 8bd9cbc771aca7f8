"""Bodies without unknown fields, answers with the fields that were asked for."""

import pytest
from rest_framework import serializers

from musenest.common.api.fields import BodySerializer, SparseSerializer, show
from musenest.common.errors import InvalidError


class Inner(SparseSerializer):
    name = serializers.CharField()
    size = serializers.IntegerField()


class Outer(SparseSerializer):
    name = serializers.CharField()
    inner = Inner()
    inners = Inner(many=True)


class Body(BodySerializer):
    name = serializers.CharField()
    size = serializers.IntegerField(required=False)
    made = serializers.CharField(read_only=True)


INNER = {"name": "b", "size": 1}
OUTER = {"name": "a", "inner": INNER, "inners": [INNER]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", {"name", "inner", "inners"}),
        ("name", {"name"}),
        ("name,size,nonsense", {"name"}),
        ("nonsense", {"name", "inner", "inners"}),
        ("inner,inners", {"inner", "inners"}),
    ],
)
def test_only_the_outer_fields_that_were_asked_for(fields: str, expected: set[str]) -> None:
    assert set(show(Outer, OUTER, fields)) == expected


def test_objects_inside_stay_whole() -> None:
    assert show(Outer, OUTER, "name,inner,inners") == OUTER


def test_one_answer_says_nothing_of_another() -> None:
    assert show(Outer, OUTER, "") == OUTER
    assert show(Outer, {"name": "z", "inner": INNER, "inners": []}, "name,inners") == {
        "name": "z",
        "inners": [],
    }
    assert show(Outer, OUTER, "") == OUTER


def test_unknown_and_read_only_fields_are_named_together() -> None:
    body = Body(data={"name": "a", "made": "now", "zise": 1})
    with pytest.raises(InvalidError) as caught:
        body.is_valid(raise_exception=True)
    assert caught.value.code == "UNKNOWN_FIELD"
    assert [error["path"] for error in caught.value.details["errors"]] == ["made", "zise"]


def test_very_many_and_very_long_unknown_fields_make_no_long_answer() -> None:
    body = Body(data={f"{number}" * 500: 1 for number in range(1000)})
    with pytest.raises(InvalidError) as caught:
        body.is_valid(raise_exception=True)
    assert len(caught.value.message) < 600
    assert len(str(caught.value.details)) < 20_000


def test_a_known_body_is_read() -> None:
    body = Body(data={"name": "a"})
    assert body.is_valid(raise_exception=True)
    assert body.validated_data == {"name": "a"}
