"""Pages of a list that grows at its head: by cursor, so that no row is shown twice or skipped while new ones
come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from musenest.common.errors import MalformedError

SIZE = 50
LARGEST = 2**63 - 1
LONGEST = len(str(LARGEST))

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    newer: str  # the address's query, empty where there is nothing
    older: str


class Cursor(Protocol):
    """A place in a list whose rows stand in the order of `fields`, the newest first."""

    fields: tuple[str, ...]

    def named(self, row: Any) -> str:
        """The row's place as it stands in an address."""

    def older(self, name: str) -> Q:
        """What comes after the place of this name. Raises MalformedError for what names none."""

    def newer(self, name: str) -> Q:
        """What comes before it. Raises as `older` does."""


class ByNumber:
    """The key, or another number that no two rows share, counts up with time."""

    def __init__(self, field: str = "pk") -> None:
        self.field = field
        self.fields: tuple[str, ...] = (field,)

    def named(self, row: Any) -> str:
        return str(getattr(row, self.field))

    def older(self, name: str) -> Q:
        return Q((f"{self.field}__lt", number_of(name)))

    def newer(self, name: str) -> Q:
        return Q((f"{self.field}__gt", number_of(name)))


class ByMoment:
    """By `created_at`, then by key. The moment is compared alone, too: it tells PostgreSQL the partitions."""

    fields: tuple[str, ...] = ("created_at", "pk")

    def named(self, row: Any) -> str:
        return f"{row.created_at.isoformat()}~{row.pk}"

    def older(self, name: str) -> Q:
        at, pk = moment_of(name)
        return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(pk__lt=pk))

    def newer(self, name: str) -> Q:
        at, pk = moment_of(name)
        return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(pk__gt=pk))


def page_of(found: QuerySet[Row], asked: Mapping[str, str], cursor: Cursor) -> Page[Row]:
    """The page that `older` or `newer` (the last or first row seen) names; without either the newest rows.
    `found` stands in the cursor's order. Every other value of `asked` is kept in the links.
    """
    filters = {key: value for key, value in asked.items() if key not in ("older", "newer") and value}
    if asked.get("newer"):
        return newer_page(found, filters, asked["newer"], cursor)
    is_first = not asked.get("older")
    if not is_first:
        found = found.filter(cursor.older(asked["older"]))
    rows = list(found[: SIZE + 1])
    shown = rows[:SIZE]
    return Page(
        shown,
        newer="" if is_first or not shown else link(filters, "newer", cursor.named(shown[0])),
        older=link(filters, "older", cursor.named(shown[-1])) if len(rows) > SIZE else "",
    )


def newer_page(found: QuerySet[Row], filters: dict[str, str], name: str, cursor: Cursor) -> Page[Row]:
    rows = list(found.filter(cursor.newer(name)).order_by(*cursor.fields)[: SIZE + 1])
    shown = rows[:SIZE][::-1]
    if not shown:
        return page_of(found, filters, cursor)
    return Page(
        shown,
        newer=link(filters, "newer", cursor.named(shown[0])) if len(rows) > SIZE else "",
        older=link(filters, "older", cursor.named(shown[-1])),
    )


def link(filters: dict[str, str], direction: str, name: str) -> str:
    return f"?{urlencode({**filters, direction: name})}"


def number_of(name: str) -> int:
    # Its length first: Python reads no number of thousands of digits.
    is_number = name.isdecimal() and name.isascii() and len(name) <= LONGEST
    if not is_number or int(name) > LARGEST:
        raise damaged()
    return int(name)


def moment_of(name: str) -> tuple[datetime, int]:
    moment, _, pk = name.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise damaged()
    return at, number_of(pk)


def damaged() -> MalformedError:
    return MalformedError("This page's address is damaged. Go back to the list.")
