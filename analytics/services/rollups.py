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
    with tenancy.staff():
        return {level.table: mended(level, by) for level in LEVELS}


def mended(level: Kept, by: Actor) -> int:
    """One transaction for each level: traffic locks a total first and then its own row, and who holds one
    while it waits for the other could wait for us.
    """
    with transaction.atomic():
        rows = mend(level)
        if rows:
            first = level.model._default_manager.get(pk=rows[0])
            audit.record("rollup.mended", by=by, target=first, organization=None, changes={"rows": len(rows)})
    return len(rows)


def mend(level: Kept) -> list[int]:
    """The keys of the rows that were wrong. The comparison and the repair are one statement: what is counted
    meanwhile is in both or in neither.
    """
    keys, figures = ", ".join(level.keys), ", ".join(level.figures)
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in level.figures)
    with connection.cursor() as cursor:
        # Two who compare at one moment would both add what is missing.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('musenest.rollups'))")
        cursor.execute(f"""
            INSERT INTO {level.table} AS kept ({keys}, slot, {figures})
            SELECT {keys}, 0, {figures} FROM ({difference_sql(level)}) AS missing
            ON CONFLICT ({keys}, slot) DO UPDATE SET {added}
            RETURNING id
        """)  # noqa: S608 -- names of our own tables and columns
        return [pk for (pk,) in cursor.fetchall()]
