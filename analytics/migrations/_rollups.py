"""The triggers that keep the rollups: in the transaction, and for the statement, that wrote what they count.

One trigger for each kind of statement on the table (a partitioned one: rows come through it) adds up
what the statement added and removed, and moves both levels by it. Rows are moved in one order, the total first.
"""

from dataclasses import dataclass

# A backend writes in its own slot, so that two which write at one moment seldom wait for one another.
OWN_SLOTS, TOTAL_SLOTS = 4, 16


@dataclass(frozen=True)
class Rollup:
    """How rows of `source` are counted: by `day` and `kind`, those that `counts` holds for. Each figure is a
    column and what one row gives to it.
    """

    name: str
    source: str
    own: str
    total: str
    day: str
    kind: str
    figures: dict[str, str]
    counts: str

    def triggers(self) -> str:
        return "".join(
            self.trigger(event, rows, tables)
            for event, rows, tables in (
                ("insert", "SELECT 1 AS sign, * FROM added", "NEW TABLE AS added"),
                ("delete", "SELECT -1 AS sign, * FROM removed", "OLD TABLE AS removed"),
                (
                    "update",
                    "SELECT 1 AS sign, * FROM added UNION ALL SELECT -1, * FROM removed",
                    "OLD TABLE AS removed NEW TABLE AS added",
                ),
            )
        )

    def trigger(self, event: str, rows: str, tables: str) -> str:
        function = f"{self.name}_{event}"
        return f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM set_config('musenest.rollup', 'on', true);
                {self.move(rows)};
                PERFORM set_config('musenest.rollup', '', true);
                RETURN NULL;
            END $$;
            CREATE TRIGGER {function} AFTER {event.upper()} ON {self.source}
                REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        """

    def move(self, rows: str) -> str:
        """Moves both levels by these rows; what comes out even moves nothing."""
        names = list(self.figures)
        sums = ", ".join(f"sum(sign * ({share}))::bigint AS {name}" for name, share in self.figures.items())
        moves = " OR ".join(f"{name} <> 0" for name in names)
        columns = ", ".join(names)
        return f"""
            WITH changed AS (
                SELECT * FROM (
                    SELECT organization_id, {self.day} AS day, {self.kind}, {sums}
                    FROM ({rows}) AS rows WHERE {self.counts} GROUP BY 1, 2, 3
                ) AS summed WHERE {moves}
            ), own AS (
                INSERT INTO {self.own} AS kept (organization_id, day, {self.kind}, slot, {columns})
                SELECT organization_id, day, {self.kind}, pg_backend_pid() % {OWN_SLOTS}, {columns}
                FROM changed ORDER BY 1, 2, 3
                ON CONFLICT (organization_id, day, {self.kind}, slot) DO UPDATE SET {self.added()}
            )
            INSERT INTO {self.total} AS kept (day, {self.kind}, slot, {columns})
            SELECT day, {self.kind}, pg_backend_pid() % {TOTAL_SLOTS}, {self.summed()}
            FROM changed GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (day, {self.kind}, slot) DO UPDATE SET {self.added()}
        """  # noqa: S608 -- names of our own tables and columns

    def added(self) -> str:
        return ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in self.figures)

    def summed(self) -> str:
        return ", ".join(f"sum({name})::bigint" for name in self.figures)

    def fill(self) -> str:
        """Counts the rows that were there before; in the triggers' transaction, which lets nobody write."""
        return self.move(f"SELECT 1 AS sign, * FROM {self.source}")  # noqa: S608 -- names of our own tables

    def removal(self) -> str:
        return "".join(
            f"DROP TRIGGER {self.name}_{event} ON {self.source}; DROP FUNCTION {self.name}_{event}();"
            for event in ("insert", "delete", "update")
        )

    def room(self) -> str:
        """Rows are moved in place, without touching an index, where their pages have room."""
        return f"ALTER TABLE {self.own} SET (fillfactor = 60); ALTER TABLE {self.total} SET (fillfactor = 30);"


USAGE = Rollup(
    name="roll_up_usage",
    source="ai_usage_tracking",
    own="usage_by_organization_and_day",
    total="usage_by_day",
    day="billing_period",
    kind="usage_type",
    figures={
        "uses": "CASE WHEN voids IS NULL THEN 1 ELSE -1 END",
        "quantity": "request_count",
        "responses": "CASE WHEN response_time_ms IS NULL THEN 0 ELSE 1 END",
        "response_ms": "coalesce(response_time_ms, 0)",
    },
    counts="mode = 'live'",
)
DECISIONS = Rollup(
    name="roll_up_decisions",
    source="moderation_decisions",
    own="decisions_by_organization_and_day",
    total="decisions_by_day",
    day="(created_at AT TIME ZONE 'UTC')::date",
    kind="decision",
    figures={"pictures": "1"},
    counts="mode = 'live' AND NOT is_escalated",
)
ROLLUPS = (USAGE, DECISIONS)
