"""JSON in, in either spelling (REQUIREMENTS.md, decision 1): output is snake_case, the documents' camelCase
is accepted.
"""

import json
import math
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from musenest.common.errors import InvalidError, TooLargeError

MOST_LEVELS = 32  # of lists and objects, in each other
HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


def snake_case(name: str) -> str:
    return HUMP.sub(r"_\1", name).lower()


class CamelCaseJSONParser(JSONParser):
    """Renames the top level's camelCase fields; what is inside a document (labels, keywords) stays as it was
    sent. Raises ParseError for what is no JSON object or what PostgreSQL cannot keep, InvalidError for what
    is nested too deeply, TooLargeError above DATA_UPLOAD_MAX_MEMORY_SIZE.
    """

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = BytesIO(bounded(stream))
        try:
            data = super().parse(body, media_type, parser_context)
            refuse_unstorable(data)
        except (RecursionError, json.JSONDecodeError) as error:
            raise ParseError from error
        if not isinstance(data, dict):
            raise ParseError("Send a JSON object.")
        return {renamed(key): value for key, value in data.items()}


def bounded(stream: Any) -> bytes:
    """The body. Django looks at this limit only where it reads the body itself, and DRF reads past it."""
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body: bytes = stream.read(most + 1)
    if len(body) > most:
        raise TooLargeError(f"A JSON body may have {most:,} bytes.")
    return body


def refuse_unstorable(value: Any, level: int = 0) -> None:
    """NUL, halves of surrogate pairs and numbers past every float (1e999) are JSON, but PostgreSQL takes none
    of them. Too many levels break what writes them.
    """
    if isinstance(value, dict | list) and level == MOST_LEVELS:
        raise InvalidError(
            f"Lists and objects may be nested {MOST_LEVELS} levels deep.", code="NESTED_TOO_DEEPLY"
        )
    if isinstance(value, dict):
        for key, inner in value.items():
            refuse_unstorable(key, level + 1)
            refuse_unstorable(inner, level + 1)
    elif isinstance(value, list):
        for inner in value:
            refuse_unstorable(inner, level + 1)
    elif isinstance(value, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise ParseError("Text may hold no NUL and no half of a surrogate pair.")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError("A number is too large.")


def renamed(key: str) -> str:
    return snake_case(key) if key[:1].islower() else key
