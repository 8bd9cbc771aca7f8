"""The description of the API is complete, and true to what is served."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.samples import api

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    return found


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_it_is_valid_and_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue().startswith("openapi: 3.1.0")


def test_every_operation_says_what_it_is_and_how_it_fails(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        name = f"{method} {path}"
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        assert operation["tags"] != ["api"], name
        assert operation["operationId"], name
        assert "default" in operation["responses"], name
        is_public = operation["operationId"] == "list_tiers" or not any(operation.get("security", []))
        assert is_public or "401" in operation["responses"], name


def test_every_address_of_the_api_is_described(schema: dict[str, Any]) -> None:
    served = {"/" + route for route in routes(get_resolver().url_patterns) if route.startswith("api/")}
    described = set(schema["paths"])
    assert served - described == {"/api/schema", "/api/docs", "/api/health"}


def routes(patterns: list[Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            found.append(plain(route))
    return found


def plain(route: str) -> str:
    """`sites/<str:site>` as OpenAPI writes it."""
    return "/".join(
        f"{{{part[1:-1].split(':')[-1]}}}" if part.startswith("<") else part for part in route.split("/")
    )


def test_answers_and_errors_are_in_their_envelopes(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                is_error = status == "default" or int(status) >= 400
                shape = media["schema"]
                assert (shape.get("$ref") == "#/components/schemas/Error") == is_error, (path, method, status)
                assert is_error or "data" in shape["properties"], (path, method, status)


def test_every_post_but_those_of_signing_in_takes_an_idempotency_key(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        expected = method == "post" and not path.startswith("/api/auth/")
        assert ("Idempotency-Key" in names) == expected, path


def test_no_secret_comes_out(schema: dict[str, Any]) -> None:
    server = schema["components"]["schemas"]["Server"]["properties"]
    assert "api_key" not in server
    assert "password" not in schema["components"]["schemas"]["Person"]["properties"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/schema", "/api/docs"])
def test_they_are_served_to_anybody(path: str) -> None:
    assert api.anonymous().get(path).status_code == 200
