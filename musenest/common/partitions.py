"""Tables that grow by the million are partitioned by month (ARCHITECTURE.md, *Tenancy in PostgreSQL*).

A migration makes the parent with `partitioned(...)`; a schedule makes the months to come. A partition needs
no policy of its own: rows are reached through the parent, and nobody but the owner may touch a partition
directly.
"""

from datetime import date

from django.db import connection
from django.utils import timezone

MONTHS_AHEAD = 3


def first_of_month(day: date, ahead: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def make_function_sql() -> str:
    """A function of the owner's, because the application may not make tables: one month's partition, if it is
    missing.
    """
    return """
        CREATE OR REPLACE FUNCTION musenest_make_partition(parent regclass, month date) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET TimeZone = 'UTC' AS $$
        DECLARE
            partition text := parent::text || to_char(month, '_YYYY_MM');
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_partitioned_table WHERE partrelid = parent) THEN
                RAISE EXCEPTION '% is not partitioned', parent;
            END IF;
            IF month <> date_trunc('month', month)::date OR to_regclass(partition) IS NOT NULL THEN
                RETURN false;
            END IF;
            EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)',
                           partition, parent, month, month + interval '1 month');
            EXECUTE format('REVOKE ALL ON %I FROM musenest_app, musenest_staff', partition);
            RETURN true;
        END $$;
        REVOKE ALL ON FUNCTION musenest_make_partition(regclass, date) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION musenest_make_partition(regclass, date) TO musenest_staff;
    """


def first_partitions_sql(parent: str) -> str:
    """For migrations: the partitions of this month and the next three: the table takes rows at once."""
    this_month = "date_trunc('month', now() AT TIME ZONE 'UTC')"
    return "; ".join(
        f"SELECT musenest_make_partition('{parent}', ({this_month} + interval '{ahead} month')::date)"
        for ahead in range(MONTHS_AHEAD + 1)
    )


def prepare() -> int:
    """Make the partitions of this month and the next three for every partitioned table; returns how many were
    missing.
    """
    today = timezone.now().date()
    made = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT partrelid::regclass::text FROM pg_partitioned_table ORDER BY 1")
        for (parent,) in cursor.fetchall():
            for ahead in range(MONTHS_AHEAD + 1):
                cursor.execute(
                    "SELECT musenest_make_partition(%s, %s)", [parent, first_of_month(today, ahead)]
                )
                made += cursor.fetchone()[0]
    return made
