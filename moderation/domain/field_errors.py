"""Pydantic's errors as ours: a dotted path, a stable code, a sentence that says what to do."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from moderation.domain import sentences
from moderation.domain.errors import FieldError

_MOST_ERRORS = 50
_LONGEST_KEY = 64
_WORDS = {
    "missing": ("MISSING", sentences.NEEDED),
    "extra_forbidden": ("UNKNOWN_KEY", sentences.KEY_UNKNOWN),
    "invalid_key": ("UNKNOWN_KEY", sentences.KEY_NO_TEXT),
    "literal_error": ("UNKNOWN_KEY", sentences.KEY_ONE_OF),
    "float_type": ("NOT_A_NUMBER", sentences.NUMBER),
    "finite_number": ("NOT_A_NUMBER", sentences.NUMBER_FINITE),
    "greater_than_equal": ("OUT_OF_RANGE", sentences.AT_LEAST),
    "less_than_equal": ("OUT_OF_RANGE", sentences.AT_MOST),
    "bool_type": ("NOT_A_BOOLEAN", sentences.YES_OR_NO),
    "list_type": ("NOT_A_LIST", sentences.LIST),
    "too_long": ("TOO_MANY", sentences.LIST_AT_MOST),
    "too_short": ("EMPTY", sentences.LIST_AT_LEAST),
    "string_type": ("NOT_A_TEXT", sentences.TEXT),
    "string_unicode": ("NOT_A_TEXT", sentences.TEXT_UNICODE),
    "string_too_long": ("WRONG_LENGTH", sentences.TEXT_AT_MOST),
    "string_too_short": ("WRONG_LENGTH", sentences.TEXT_AT_LEAST),
    "dict_type": ("NOT_AN_OBJECT", sentences.OBJECT),
    "model_type": ("NOT_AN_OBJECT", sentences.OBJECT),
}
_OWN = {
    "unknown_label": "UNKNOWN_LABEL",
    "duplicate_label": "DUPLICATE_LABEL",
    "keyword": "BAD_KEYWORD",
    "inverted_thresholds": "INVERTED_THRESHOLDS",
}


def field_errors(error: ValidationError) -> list[FieldError]:
    """Each place that is wrong, in the order in which it was found, at most 50."""
    details = error.errors(include_url=False, include_input=False)
    return [_field_error(detail) for detail in details[:_MOST_ERRORS]]


def _field_error(detail: ErrorDetails) -> FieldError:
    context: dict[str, Any] = detail.get("ctx", {})
    kind = detail["type"]
    if kind in _OWN:
        return FieldError(_path(detail, context), detail["msg"], _OWN[kind])
    code, sentence = _WORDS.get(kind, ("INVALID", sentences.UNUSABLE))
    return FieldError(_path(detail, context), sentence % context, code)


def _path(detail: ErrorDetails, context: dict[str, Any]) -> str:
    # Pydantic marks a wrong key of a mapping with "[key]"; our own errors name a key in their context.
    steps = [str(step)[:_LONGEST_KEY] for step in detail["loc"] if step != "[key]"]
    if "key" in context:
        steps.append(str(context["key"])[:_LONGEST_KEY])
    return ".".join(steps)
