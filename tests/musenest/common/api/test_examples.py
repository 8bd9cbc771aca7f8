"""Every request and answer of the schema has an example, and the example is what the schema allows."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

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


def test_every_request_and_answer_has_an_example_that_it_allows(schema: dict[str, Any]) -> None:
    seen = 0
    for name, media in media_of(schema):
        examples = [media["example"]] if "example" in media else [
            each["value"] for each in media.get("examples", {}).values()
        ]  # fmt: skip
        assert examples, name
        for example in examples:
            whole = media["schema"] | {"components": schema["components"]}
            errors = [error.message for error in Draft202012Validator(whole).iter_errors(example)]
            assert not errors, (name, errors, example)
            seen += 1
    assert seen > 50


def test_an_error_names_the_code_that_the_endpoint_gives(schema: dict[str, Any]) -> None:
    answers = schema["paths"]["/api/moderation/analyze"]["post"]["responses"]
    codes = {
        status: answer["content"]["application/json"]["example"]["error"]["code"]
        for status, answer in answers.items()
        if status not in {"200", "304"}
    }
    assert (codes["409"], codes["413"]) == ("SITE_NOT_DEPLOYED", "UPLOAD_TOO_LARGE")


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
