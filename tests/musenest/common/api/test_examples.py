"""Every request and answer of the schema has an example, and the example is what the schema allows."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from musenest.common.api.examples import Maker

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    return found


def media_of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in schema["paths"].items():
        for method in item.keys() & METHODS:
            named = {"request": item[method].get("requestBody", {}), **item[method]["responses"]}
            for name, part in named.items():
                for kind, media in part.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", media


def examples_of(media: dict[str, Any], schema: dict[str, Any]) -> list[Any]:
    if "example" in media:
        return [media["example"]]
    kept = schema["components"]["examples"]
    named = media.get("examples", {}).values()
    return [(kept[each["$ref"].rpartition("/")[2]] if "$ref" in each else each)["value"] for each in named]


def test_every_request_and_answer_has_an_example_that_it_allows(schema: dict[str, Any]) -> None:
    seen = 0
    for name, media in media_of(schema):
        examples = examples_of(media, schema)
        assert examples, name
        for example in examples:
            whole = media["schema"] | {"components": schema["components"]}
            errors = [error.message for error in Draft202012Validator(whole).iter_errors(example)]
            assert not errors, (name, errors, example)
            seen += 1
    assert seen > 50


def test_every_code_that_an_endpoint_gives_has_an_example(schema: dict[str, Any]) -> None:
    answers = schema["paths"]["/api/moderation/analyze"]["post"]["responses"]
    conflict = answers["409"]["content"]["application/json"]
    codes = [example["error"]["code"] for example in examples_of(conflict, schema)]

    assert codes == ["SITE_NOT_DEPLOYED", "SITE_INACTIVE"]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"type": ["string", "null"], "format": "uuid"}, "0197a6f2-3c41-7b60-9d2e-5f1c8a7b4e10"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, ["a"]),
        ({"oneOf": [{"type": "boolean"}, {"type": "null"}]}, True),
        ({"$ref": "#/components/schemas/Tree"}, {"email": "ada@acme.example", "child": None}),
    ],
)
def test_a_value_is_of_its_kind(schema: dict[str, Any], expected: object) -> None:
    tree = {
        "type": "object",
        "properties": {"email": {"type": "string"}, "child": {"$ref": "#/components/schemas/Tree"}},
    }
    assert Maker({"Tree": tree}).value(schema) == expected
