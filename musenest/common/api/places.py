"""Places in a list: a cursor names the row where a page ended, by its values in the list's order.

All values count, not the first alone, so that each row stands on one page, however many are equal in it and
whichever have none. PostgreSQL puts rows without a value last, and in descending order first.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

Ordering = Sequence[str]


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the row of these values or, going back, before it; without values at that
    end of the list.
    """

    values: tuple[str | None, ...]
    is_back: bool = False

    def cursor(self) -> str:
        return urlsafe_b64encode(json.dumps([self.is_back, *self.values]).encode()).decode()


def of_row(row: Any, ordering: Ordering, *, is_back: bool) -> Place:
    values = (getattr(row, name.removeprefix("-")) for name in ordering)
    return Place(tuple(None if value is None else str(value) for value in values), is_back)


def of_cursor(cursor: str, ordering: Ordering) -> Place:
    """Raises ValueError for what is no cursor of a list in this order."""
    try:
        found = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
    except RecursionError as error:
        raise ValueError(cursor) from error
    if not (isinstance(found, list) and found and isinstance(found[0], bool)):
        raise ValueError(cursor)
    is_back, *values = found
    if len(values) not in (0, len(ordering)) or not all(isinstance(value, str | None) for value in values):
        raise ValueError(cursor)
    return Place(tuple(values), is_back)


def reverse(ordering: Ordering) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in ordering]


def beyond(ordering: Ordering, values: Sequence[str | None]) -> Q:
    """The rows that come after the one of these values. The first value is compared alone, too: it tells
    PostgreSQL the part of an index, and the partitions.
    """
    first = is_equal(ordering[0], values[0]) | is_after(ordering[0], values[0])
    return first & reduce(or_, steps(ordering, values))


def steps(ordering: Ordering, values: Sequence[str | None]) -> Iterator[Q]:
    """After it in the first value; equal in the first and after it in the second; and so on."""
    equal = Q()
    for name, value in zip(ordering, values, strict=True):
        yield equal & is_after(name, value)
        equal &= is_equal(name, value)


def is_equal(name: str, value: str | None) -> Q:
    field = name.removeprefix("-")
    return Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})


def is_after(name: str, value: str | None) -> Q:
    field, is_descending = name.removeprefix("-"), name.startswith("-")
    if value is None:
        return Q(**{f"{field}__isnull": False}) if is_descending else Q(pk__in=[])
    if is_descending:
        return Q(**{f"{field}__lt": value})
    return Q(**{f"{field}__gt": value}) | Q(**{f"{field}__isnull": True})
