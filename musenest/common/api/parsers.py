"""JSON in, in either spelling (REQUIREMENTS.md, decision 1): output is snake_case, the documents' camelCase is accepted."""

import json
import re
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


def snake_case(name: str) -> str:
    return HUMP.sub(r"_\1", name).lower()


class CamelCaseJSONParser(JSONParser):
    """Renames the top level's camelCase fields; what is inside a document (labels, keywords) stays as it was sent."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
        except (RecursionError, json.JSONDecodeError) as error:
            raise ParseError from error
        if not isinstance(data, dict):
            raise ParseError("Send a JSON object.")
        return {renamed(key): value for key, value in data.items()}


def renamed(key: str) -> str:
    return snake_case(key) if key[:1].islower() else key
