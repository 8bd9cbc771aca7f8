"""Places in a list: a cursor names the row where a page ended, by its values in the list's order.

All values count, not the first alone, so that each row stands on one page, however many are equal in it and
whichever have none. PostgreSQL puts rows without a value last, and in descending order first.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

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


def beyond(model: type[Model], ordering: Ordering, values: Sequence[str | None]) -> Q:
    """The rows that come after the one of these values: after it in the first, or equal there and after it in
    the second, and so on. The first is compared alone, too: it tells PostgreSQL where to begin in an index,
    and the partitions.
    """
    after, equal = Q(), Q()
    for name, value in zip(ordering, values, strict=True):
        after |= equal & compared(model, name, value)
        equal &= is_equal(name, value)
    return compared(model, ordering[0], values[0], or_equal="e") & after


def is_equal(name: str, value: str | None) -> Q:
    field = name.removeprefix("-")
    return Q((f"{field}__isnull", True)) if value is None else Q((field, value))


def compared(model: type[Model], name: str, value: str | None, or_equal: str = "") -> Q:
    """After the value in the order of this name; with `or_equal="e"` those that are equal, too."""
    field, is_descending = name.removeprefix("-"), name.startswith("-")
    if value is None:
        return after_empty(field, is_descending=is_descending, or_equal=bool(or_equal))
    if is_descending:
        return Q((f"{field}__lt{or_equal}", value))
    later = Q((f"{field}__gt{or_equal}", value))
    return later | Q((f"{field}__isnull", True)) if may_be_empty(model, field) else later


def after_empty(field: str, *, is_descending: bool, or_equal: bool) -> Q:
    """What comes after rows without a value: descending all that have one, else none."""
    if is_descending:
        return Q() if or_equal else Q((f"{field}__isnull", False))
    return Q((f"{field}__isnull", True)) if or_equal else Q(pk__in=[])


def may_be_empty(model: type[Model], name: str) -> bool:
    """Whether rows may have no value there; of what a query adds to them it is not known."""
    return next((field.null for field in model._meta.concrete_fields if field.name == name), True)
