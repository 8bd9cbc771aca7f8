"""Changing some values of a JSON document (RFC 7396, JSON Merge Patch)."""

from typing import Any


def merged(document: Any, patch: Any) -> Any:
    """The document with the patch's values laid over it, object by object.

    None takes a value away; a list is one value. What is no object replaces the whole document, so that a
    patch of the wrong type is seen by whoever checks the result.
    """
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result
