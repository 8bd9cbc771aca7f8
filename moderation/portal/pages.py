"""Pages of a list that grows at its head: by cursor, so that no row is shown twice or skipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from moderation.models import Decision
from musenest.common.errors import MalformedError

SIZE = 50


@dataclass(frozen=True)
class Page:
    rows: list[Decision]
    newer: str  # the address's query, empty where there is nothing
    older: str


def page_of(found: QuerySet[Decision], asked: Mapping[str, str]) -> Page:
    """The page that `older` or `newer` (the last or first row seen) names; without either the newest rows."""
    filters = {key: value for key, value in asked.items() if key not in ("older", "newer") and value}
    if asked.get("newer"):
        return newer_page(found, filters, cursor_of(asked["newer"]))
    is_first = not asked.get("older")
    if not is_first:
        at, pk = cursor_of(asked["older"])
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk), created_at__lte=at)
    rows = list(found[: SIZE + 1])
    shown = rows[:SIZE]
    return Page(
        shown,
        newer="" if is_first or not shown else link(filters, "newer", shown[0]),
        older=link(filters, "older", shown[-1]) if len(rows) > SIZE else "",
    )


def newer_page(found: QuerySet[Decision], filters: dict[str, str], cursor: tuple[datetime, int]) -> Page:
    at, pk = cursor
    newer = found.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=pk), created_at__gte=at)
    rows = list(newer.order_by("created_at", "id")[: SIZE + 1])
    shown = rows[:SIZE][::-1]
    if not shown:
        return page_of(found, filters)
    return Page(
        shown,
        newer=link(filters, "newer", shown[0]) if len(rows) > SIZE else "",
        older=link(filters, "older", shown[-1]),
    )


def link(filters: dict[str, str], direction: str, row: Decision) -> str:
    return f"?{urlencode({**filters, direction: f'{row.created_at.isoformat()}~{row.pk}'})}"


def cursor_of(text: str) -> tuple[datetime, int]:
    moment, _, pk = text.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not pk.isdecimal():
        raise MalformedError("This page's address is damaged. Go back to the list.")
    return at, int(pk)
