"""Do the rollups say what the rows say? One statement sees both as they were at one moment, because triggers
move them in one transaction: nothing needs to stop for the comparison. Runs in staff's scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

from django.db import connection

from analytics.models import DailyDecisions, DailyDecisionsTotal, DailyUsage, DailyUsageTotal
from analytics.models.rollups import Rollup
from musenest.common.verification import VerificationError


@dataclass(frozen=True)
class Kept:
    """One level of a rollup: its table, what tells its rows apart, what it keeps, and the rows counted."""

    model: type[Rollup]
    table: LiteralString
    keys: tuple[LiteralString, ...]
    figures: tuple[LiteralString, ...]
    rows: LiteralString


USES: LiteralString = """
    SELECT {keys}, sum(CASE WHEN voids IS NULL THEN 1 ELSE -1 END) AS uses, sum(request_count) AS quantity,
        count(response_time_ms) AS responses, coalesce(sum(response_time_ms), 0) AS response_ms
    FROM (SELECT billing_period AS day, * FROM ai_usage_tracking WHERE mode = 'live') AS uses GROUP BY {keys}
"""
PICTURES: LiteralString = """
    SELECT {keys}, count(*) AS pictures
    FROM (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, * FROM moderation_decisions
          WHERE mode = 'live' AND NOT is_escalated) AS decisions GROUP BY {keys}
"""
USE_FIGURES: tuple[LiteralString, ...] = ("uses", "quantity", "responses", "response_ms")
LEVELS = (
    Kept(
        DailyUsage,
        "usage_by_organization_and_day",
        ("organization_id", "day", "usage_type"),
        USE_FIGURES,
        USES,
    ),
    Kept(DailyUsageTotal, "usage_by_day", ("day", "usage_type"), USE_FIGURES, USES),
    Kept(
        DailyDecisions,
        "decisions_by_organization_and_day",
        ("organization_id", "day", "decision"),
        ("pictures",),
        PICTURES,
    ),
    Kept(DailyDecisionsTotal, "decisions_by_day", ("day", "decision"), ("pictures",), PICTURES),
)


@dataclass(frozen=True)
class Difference:
    """A row of a rollup that is not what the rows come to, by so much."""

    table: str
    key: tuple[str, ...]
    missing: dict[str, int]

    def __str__(self) -> str:
        missing = ", ".join(f"{name} by {number:+,}" for name, number in self.missing.items() if number)
        return f"{self.table} {' '.join(self.key)} is wrong: {missing}"


def differences() -> Iterator[Difference]:
    """What the rollups lack (or have too much of, then negative)."""
    for level in LEVELS:
        yield from differences_of(level)


def verified() -> str:
    """What `manage.py verify` says of the rollups. Raises VerificationError naming the first row."""
    found = next(differences(), None)
    if found:
        raise VerificationError(f"{found}. `manage.py rebuild_rollups` mends it.")
    return "The rollups agree with the rows that they count."


def differences_of(level: Kept) -> Iterator[Difference]:
    width = len(level.keys)
    with connection.cursor() as cursor:
        cursor.execute(difference_sql(level))
        for row in cursor.fetchall():
            missing = dict(zip(level.figures, row[width:], strict=True))
            yield Difference(level.table, tuple(str(key) for key in row[:width]), missing)


def difference_sql(level: Kept) -> LiteralString:
    """Key and missing figures of every row that is not even."""
    keys: LiteralString = ", ".join(level.keys)
    kept: LiteralString = ", ".join(f"sum({name}) AS {name}" for name in level.figures)
    missing: LiteralString = ", ".join(
        f"(coalesce(counted.{name}, 0) - coalesce(kept.{name}, 0))::bigint AS {name}"
        for name in level.figures
    )
    uneven: LiteralString = " OR ".join(f"{name} <> 0" for name in level.figures)
    counted = level.rows.format(keys=keys)
    return f"""
        SELECT * FROM (
            SELECT {keys}, {missing} FROM ({counted}) AS counted
            FULL JOIN (SELECT {keys}, {kept} FROM {level.table} GROUP BY {keys}) AS kept USING ({keys})
        ) AS compared WHERE {uneven} ORDER BY {keys}
    """  # noqa: S608 -- names of our own tables and columns
