"""Usage by type over 30 days from the rollups, beside the sum over the rows, and what the triggers that keep
the rollups cost who writes.

Limits: at 10⁷ rows (quick: 10⁶) at most 10 ms and equal to the rows; from 10⁴ rows on the log-log slope is at
most 0.05. Writing is told with the triggers, without them, and with one slot for everybody, in turns, on a
durable PostgreSQL of its own.
"""

import argparse
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django
import psycopg

from script.support import postgres, testing
from script.support.postgres import Postgres

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench"
DATABASE = "musenest_bench"
SIZES, FULL_SIZES = (10**4, 10**5, 10**6), (10**4, 10**5, 10**6, 10**7)
MOST_MS, MOST_SLOPE = 10.0, 0.05
# Few organisations, so that every day of each has uses of every type from the smallest size on.
DAYS, TYPES, ORGANIZATIONS, WRITERS = 30, 5, 10, 16
ROUNDS, WINDOW_SECONDS, CALLERS = 5, 2.0, (1, 8)
ORGANIZATION = UUID("00000000-0000-4000-8000-000000000001")
TODAY = datetime.now(UTC).date()

ROWS = f"""
    INSERT INTO ai_usage_tracking (organization_id, usage_type, request_count, response_time_ms, tokens_used,
        cost_cents, billing_period, metadata, created_at)
    SELECT ('00000000-0000-4000-8000-' || lpad((n / 150 %% {ORGANIZATIONS})::text, 12, '0'))::uuid,
        'type_' || n %% {TYPES}, 1 + n %% 3, CASE WHEN n %% 4 > 0 THEN 20 + n %% 400 END, 0, 0,
        %s::date - (n / {TYPES} %% {DAYS})::int, '{{}}', now()
    FROM generate_series(%s::bigint, %s::bigint) AS n
"""  # noqa: S608 -- figures of this file
RAW = """
    SELECT usage_type, sum(CASE WHEN voids IS NULL THEN 1 ELSE -1 END), sum(request_count),
        avg(response_time_ms)
    FROM ai_usage_tracking WHERE billing_period >= %s AND mode = 'live' GROUP BY 1 ORDER BY 3 DESC, 1
"""


@contextmanager
def database() -> Iterator[Postgres]:
    """A PostgreSQL of the benchmark's own, migrated, and Django set up for it."""
    server = postgres.start(FOLDER / "postgres", durable=True)
    try:
        testing.clone(server, testing.template(server, FOLDER), DATABASE)
        os.environ.update(testing.urls(server, DATABASE))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")
        django.setup()
        with superuser(server) as admin:
            first = (TODAY - timedelta(days=DAYS)).replace(day=1)
            admin.execute("SELECT musenest_make_partition('ai_usage_tracking', %s)", [first])
        yield server
    finally:
        testing.drop(server, DATABASE)
        postgres.stop(FOLDER / "postgres")


def superuser(server: Postgres) -> psycopg.Connection:
    return psycopg.connect(server.admin_url, dbname=DATABASE, autocommit=True)


def fill(server: Postgres, before: int, rows: int) -> None:
    """By several sessions, as traffic comes: they write in slots of their own."""
    share = math.ceil((rows - before) / WRITERS)

    def write(number: int) -> None:
        first = before + number * share
        with superuser(server) as writer:
            writer.execute(ROWS, [TODAY, first, min(first + share, rows) - 1])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(WRITERS)))
    with superuser(server) as admin:
        for table in ("ai_usage_tracking", "usage_by_day", "usage_by_organization_and_day"):
            admin.execute(f"VACUUM ANALYZE {table}")


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = call()
    return (time.perf_counter() - started) * 1000, found


def from_rows() -> list[tuple[str, int, int, float | None]]:
    from django.db import connection

    from analytics.selectors import usage

    with connection.cursor() as cursor:
        cursor.execute(RAW, [usage.first_day()])
        return [
            (kind, rows, total, None if average is None else round(float(average), 2))
            for kind, rows, total, average in cursor.fetchall()
        ]


def read(rows: int) -> tuple[float, float]:
    """Median ms of the total and of one organisation at this many rows, after both were found to be right."""
    from analytics.selectors import usage
    from musenest.common import tenancy

    with tenancy.staff():
        expected = from_rows()
        everything, raw = [], []
        for number in range(100):
            elapsed, found = timed(lambda: usage.by_type(usage.of_all()))
            everything.append(elapsed)
            if number % 40 == 0:
                raw.append(timed(from_rows)[0])
        same = [
            (each.usage_type, each.total_requests, each.total_count, each.avg_response_time) for each in found
        ]
        if same != expected:
            sys.exit(f"At {rows:,} rows the rollup is not equal to the rows: {same} and {expected}")
    with tenancy.organization(ORGANIZATION):
        own = [timed(lambda: usage.by_type(usage.of_organization(ORGANIZATION)))[0] for _ in range(100)]
    total_ms, own_ms, raw_ms = (statistics.median(values) for values in (everything, own, raw))
    print(f"{rows:>12,} {total_ms:>12.2f} {own_ms:>16.2f} {raw_ms:>14.1f} {raw_ms / total_ms:>10.0f} ×")
    return total_ms, own_ms


def slope(points: list[tuple[int, float]]) -> float:
    """Of the line of least squares through the logarithms."""
    across = [math.log10(rows) for rows, _ in points]
    up = [math.log10(elapsed) for _, elapsed in points]
    return statistics.linear_regression(across, up).slope


def growth(server: Postgres, sizes: tuple[int, ...]) -> bool:
    print("        rows    total, ms  organisation, ms   the rows, ms   rows / total")
    totals, owns, before = [], [], 0
    for rows in sizes:
        fill(server, before, rows)
        total_ms, own_ms = read(rows)
        totals.append((rows, total_ms))
        owns.append((rows, own_ms))
        before = rows
    slopes = slope(totals), slope(owns)
    worst = max(totals[-1][1], owns[-1][1])
    print(f"equal to the rows at every size; worst at {sizes[-1]:,} rows: {worst:.2f} ms (limit {MOST_MS:g})")
    print(f"log-log slope {slopes[0]:+.3f}, of one organisation {slopes[1]:+.3f} (limit {MOST_SLOPE:g})")
    return worst <= MOST_MS and max(slopes) <= MOST_SLOPE


def one_slot() -> str:
    """The trigger functions as they would be with one slot for everybody."""
    from analytics.migrations._rollups import USAGE

    functions = USAGE.triggers().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    functions = functions.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")
    return functions.replace("pg_backend_pid() % 4", "0").replace("pg_backend_pid() % 16", "0")


def shapes() -> dict[str, str]:
    from analytics.migrations._rollups import USAGE

    several = USAGE.triggers().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    several = several.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER")
    enable = "ALTER TABLE ai_usage_tracking ENABLE TRIGGER USER"
    return {
        "without": "ALTER TABLE ai_usage_tracking DISABLE TRIGGER USER",
        "slots": f"{several}; {enable}",
        "one slot": f"{one_slot()}; {enable}",
    }


def uses(server: Postgres, organizations: list[UUID]) -> float:
    """Uses a second, reserved and finished as the service does it; every caller for its own organisation."""
    from billing.services import usage

    until = time.monotonic() + WINDOW_SECONDS

    def call(organization: UUID) -> int:
        done = 0
        with superuser(server) as session:
            # As the application's role, which row-level security holds.
            session.execute(
                "SELECT set_config('role', 'musenest_app', false),"
                " set_config('musenest.organization', %s, false)",
                [str(organization)],
            )
            while time.monotonic() < until:
                pk, now = uuid4(), datetime.now(UTC)
                reserved = session.execute(usage.RESERVE, reservation(organization, pk, now)).fetchone()
                finished = session.execute(
                    usage.FINISH, {"id": pk, "day": now.date(), "response_time_ms": 40}
                ).fetchone()
                assert reserved is not None
                assert finished is not None
                done += 1
        return done

    with ThreadPoolExecutor(len(organizations)) as pool:
        return sum(pool.map(call, organizations)) / WINDOW_SECONDS


def reservation(organization: UUID, pk: UUID, now: datetime) -> dict[str, Any]:
    from billing.models import SERVING

    return {
        "organization": organization, "meter": "monthly_requests", "month": now.date().replace(day=1),
        "quantity": 1, "serving": list(SERVING), "alone": True, "user": None, "site": None, "mode": "live",
        "usage_type": "analysis", "metadata": json.dumps({}), "id": pk, "key": pk.hex, "day": now.date(),
        "now": now,
    }  # fmt: skip


def subscribed() -> list[UUID]:
    """The callers' organisations, on a tier without a limit."""
    from accounts.services import organizations, people
    from billing.services import subscriptions
    from musenest.common.actors import SYSTEM

    owner = people.create(email="bench@musenest.example", password=uuid4().hex, by=SYSTEM)
    made = [
        organizations.create(name=f"Caller {number}", owner=owner, by=SYSTEM)
        for number in range(max(CALLERS))
    ]
    for each in made:
        subscriptions.change_tier(organization=each, tier_name="enterprise", by=SYSTEM)
    return [each.pk for each in made]


def writing(server: Postgres) -> None:
    organizations = subscribed()
    print("\nuses a second, reserved and finished, each caller for an organisation of its own")
    print("callers     without       slots    one slot   slots / without   slots / one slot")
    with superuser(server) as admin:
        for callers in CALLERS:
            rates: dict[str, list[float]] = {name: [] for name in shapes()}
            for _ in range(ROUNDS):
                for name, statement in shapes().items():
                    admin.execute(statement.encode())
                    rates[name].append(uses(server, organizations[:callers]))
            plain, slots, one = (statistics.median(rates[name]) for name in rates)
            cost = statistics.median(a / b for a, b in zip(rates["slots"], rates["without"], strict=True))
            gain = statistics.median(a / b for a, b in zip(rates["slots"], rates["one slot"], strict=True))
            print(f"{callers:>7} {plain:>11,.0f} {slots:>11,.0f} {one:>11,.0f} {cost:>17.2f} {gain:>18.2f}")


def run(sizes: tuple[int, ...]) -> bool:
    with database() as server:
        is_good = growth(server, sizes)
        writing(server)
    return is_good


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10⁶ rows instead of 10⁷")
    sys.exit(0 if run(SIZES if parser.parse_args().quick else FULL_SIZES) else 1)
