"""Pages of the audit trail: by cursor, so that no row is shown twice or skipped while new ones come."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from accounts.models import AuditEvent
from musenest.common.errors import MalformedError

SIZE = 50
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Page:
    rows: list[AuditEvent]
    newer: str  # the address's query, empty where there is nothing
    older: str


def page_of(found: QuerySet[AuditEvent], asked: Mapping[str, str]) -> Page:
    """The page that `older` or `newer` (the last or first row seen) names; without either the newest rows."""
    filters = {key: value for key, value in asked.items() if key not in ("older", "newer") and value}
    if asked.get("newer"):
        return newer_page(found, filters, cursor_of(asked["newer"]))
    is_first = not asked.get("older")
    if not is_first:
        found = found.filter(pk__lt=cursor_of(asked["older"]))
    rows = list(found[: SIZE + 1])
    shown = rows[:SIZE]
    return Page(
        shown,
        newer="" if is_first or not shown else link(filters, "newer", shown[0]),
        older=link(filters, "older", shown[-1]) if len(rows) > SIZE else "",
    )


def newer_page(found: QuerySet[AuditEvent], filters: dict[str, str], cursor: int) -> Page:
    rows = list(found.filter(pk__gt=cursor).order_by("pk")[: SIZE + 1])
    shown = rows[:SIZE][::-1]
    if not shown:
        return page_of(found, filters)
    return Page(
        shown,
        newer=link(filters, "newer", shown[0]) if len(rows) > SIZE else "",
        older=link(filters, "older", shown[-1]),
    )


def link(filters: dict[str, str], direction: str, row: AuditEvent) -> str:
    return f"?{urlencode({**filters, direction: row.pk})}"


def cursor_of(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text[:20]) > LARGEST:
        raise MalformedError("This page's address is damaged. Go back to the list.")
    return int(text)
