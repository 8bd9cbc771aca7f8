"""Mending the rollups. What a row lacks is added to it, so that traffic goes on meanwhile."""

from django.db import connection, transaction

from accounts.services import audit
from analytics.selectors.rollups import LEVELS, Kept, difference_sql
from musenest.common import tenancy
from musenest.common.actors import Actor


def rebuild(*, by: Actor) -> dict[str, int]:
    """Bring every rollup to what its rows come to; returns how many rows each table was wrong in, and leaves
    an audit row for each that was.
    """
    with tenancy.staff(), transaction.atomic():
        return {level.table: mended(level, by) for level in LEVELS}


def mended(level: Kept, by: Actor) -> int:
    count = mend(level)
    newest = level.model._default_manager.order_by("pk").last()
    if count and newest is not None:
        audit.record("rollup.mended", by=by, target=newest, organization=None, changes={"rows": count})
    return count


def mend(level: Kept) -> int:
    """The comparison and the repair are one statement: what is counted meanwhile is in both or in neither."""
    keys, figures = ", ".join(level.keys), ", ".join(level.figures)
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in level.figures)
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO {level.table} AS kept ({keys}, slot, {figures})
            SELECT {keys}, 0, {figures} FROM ({difference_sql(level)}) AS missing
            ON CONFLICT ({keys}, slot) DO UPDATE SET {added}
        """)  # noqa: S608 -- names of our own tables and columns
        return int(cursor.rowcount)
