"""JSON documents as dotted paths with their values, and back."""

from collections.abc import Iterator, Mapping
from typing import Any


def leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is no object, with its dotted path; a list is one value."""
    for key, value in document.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.")
        else:
            yield path, value


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """The document whose leaves these are, its keys in the order of the paths."""
    document: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        place = document
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return document
