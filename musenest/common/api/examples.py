"""An example beside every request and answer of the schema, made from the schema itself.

So none is missing or out of date: a field's value comes from its name, where it has one that says something,
else from its kind. What an endpoint gives as its own example (`OpenApiExample`) stays.
"""

import re
from collections.abc import Iterator
from typing import Any

from musenest.common.api.schema import is_error

INSTANT = "2026-11-21T09:30:00Z"
METHODS = {"get", "post", "put", "patch", "delete"}
CODE = re.compile(r"`([A-Z][A-Z_]+)`")
NAMED: dict[str, Any] = {
    "access": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
    "refresh": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
    "email": "ada@acme.example",
    "password": "correct horse battery staple",
    "message": "",
    "locale": "en",
    "time_zone": "Europe/Berlin",
    "slug": "acme",
    "organization": "acme",
    "site": "acme-market",
    "site_identifier": "acme-market",
    "site_name": "Acme Market",
    "industry_template": "marketplace",
    "usage_intent": "store",
    "external_id": "upload-4711",
    "region": "eu-central",
    "ip_address": "203.0.113.7",
    "host": "moderation-1.example",
    "webhook_url": "https://acme.example/hooks/musenest",
    "url": "https://acme.example/hooks/musenest",
    "image_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "reason": "The seller showed the licence.",
    "next": None,
    "previous": None,
    "fields": "id,created_at",
}
FORMATS: dict[str, Any] = {
    "uuid": "0197a6f2-3c41-7b60-9d2e-5f1c8a7b4e10",
    "date-time": INSTANT,
    "date": "2026-11-01",
    "email": "ada@acme.example",
    "uri": "https://acme.example/",
    "decimal": "9.99",
    "binary": "…",
}
PLAIN: dict[str, Any] = {"boolean": True, "integer": 1, "number": 1.0, "null": None}


def add(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 -- drf-spectacular's signature
    """A postprocessing hook of drf-spectacular."""
    schemas = result["components"].get("schemas", {})
    errors = result["components"].setdefault("examples", {})
    for operation in operations(result):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            complete(media, Maker(schemas))
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                if is_error(status):
                    codes = CODE.findall(response["description"]) or ["INTERNAL_ERROR"]
                    errors |= {code: {"value": failure(code)} for code in codes}
                    media["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
                else:
                    complete(media, Maker(schemas))
    return result


def operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result["paths"].values():
        yield from (operation for method, operation in path.items() if method in METHODS)


def failure(code: str) -> dict[str, Any]:
    message = code.replace("_", " ").capitalize()
    return {
        "success": False,
        "error": {"code": code, "message": f"{message}.", "details": {}},
        "timestamp": INSTANT,
    }


def complete(media: dict[str, Any], maker: "Maker") -> None:
    if "example" not in media and "examples" not in media:
        media["example"] = maker.value(media.get("schema", {}))


class Maker:
    """Makes a value that a schema allows; `schemas` are the components that `$ref` names."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self.schemas = schemas
        self.inside: list[str] = []

    def value(self, schema: dict[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            return self.of_component(schema["$ref"].rpartition("/")[2], name)
        for key in ("example", "const", "default"):
            if key in schema:
                return schema[key]
        if "enum" in schema:
            return schema["enum"][0]
        for key in ("allOf", "oneOf", "anyOf"):
            if key in schema:
                return self.value(schema[key][0], name)
        return self.of_kind(schema, name)

    def of_component(self, component: str, name: str) -> Any:
        if component in self.inside:  # it holds one of its own kind
            return None
        self.inside.append(component)
        made = self.value(self.schemas[component], name)
        self.inside.pop()
        return made

    def of_kind(self, schema: dict[str, Any], name: str) -> Any:
        kind = schema.get("type", "object")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {key: self.value(inner, key) for key, inner in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.value(schema.get("items", {}))]
        if kind == "string":
            return text(schema, name)
        return bounded(schema, PLAIN[kind])


def text(schema: dict[str, Any], name: str) -> Any:
    is_nullable = isinstance(schema.get("type"), list)
    if name in NAMED and (NAMED[name] is not None or is_nullable):
        return NAMED[name]
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    word = name.replace("_", " ").capitalize() or "Text"
    fits = re.search(schema.get("pattern", ""), word)
    return (word if fits else name)[: schema.get("maxLength", 200)]


def bounded(schema: dict[str, Any], value: Any) -> Any:
    """The value moved inside the schema's limits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    at_least = max(value, schema.get("minimum", value))
    return min(at_least, schema.get("maximum", at_least))
