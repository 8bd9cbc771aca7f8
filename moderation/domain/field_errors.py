"""Pydantic's errors as ours: a dotted path, a stable code, a sentence that says what to do."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from moderation.domain.errors import FieldError

_MOST_ERRORS = 50
_LONGEST_KEY = 64
_WORDS = {
    "missing": ("MISSING", "This is needed: set it."),
    "extra_forbidden": ("UNKNOWN_KEY", "This key is not known here: correct its spelling or remove it."),
    "invalid_key": ("UNKNOWN_KEY", "A key must be text."),
    "literal_error": ("UNKNOWN_KEY", "Use one of {expected} as the key."),
    "float_type": ("NOT_A_NUMBER", "Give a number."),
    "finite_number": ("NOT_A_NUMBER", "Give a finite number."),
    "greater_than_equal": ("OUT_OF_RANGE", "Give a number of at least {ge:g}."),
    "less_than_equal": ("OUT_OF_RANGE", "Give a number of at most {le:g}."),
    "bool_type": ("NOT_A_BOOLEAN", "Give true or false."),
    "list_type": ("NOT_A_LIST", "Give a list."),
    "too_long": ("TOO_MANY", "Give at most {max_length} entries."),
    "too_short": ("EMPTY", "Give at least {min_length} entry, or leave this out."),
    "string_type": ("NOT_A_TEXT", "Give a text."),
    "string_unicode": ("NOT_A_TEXT", "Give a text in valid Unicode."),
    "string_too_long": ("WRONG_LENGTH", "Give at most {max_length} characters."),
    "string_too_short": ("WRONG_LENGTH", "Give at least {min_length} character."),
    "dict_type": ("NOT_AN_OBJECT", "Give an object with keys and values."),
    "model_type": ("NOT_AN_OBJECT", "Give an object with keys and values."),
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
    code, sentence = _WORDS.get(kind, ("INVALID", "This value cannot be used."))
    return FieldError(_path(detail, context), sentence.format(**context), code)


def _path(detail: ErrorDetails, context: dict[str, Any]) -> str:
    # Pydantic marks a wrong key of a mapping with "[key]"; our own errors name a key in their context.
    steps = [str(step)[:_LONGEST_KEY] for step in detail["loc"] if step != "[key]"]
    if "key" in context:
        steps.append(str(context["key"])[:_LONGEST_KEY])
    return ".".join(steps)
