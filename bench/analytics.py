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
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django
import psycopg

from script.support import postgres, testing
from script.support.postgres import Postgres

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "bench"
DATABASE = "musenest_bench"  # where it is written; every size that is read has one of its own
SIZES, FULL_SIZES = (10**4, 10**5, 10**6), (10**4, 10**5, 10**6, 10**7)
MOST_MS, MOST_SLOPE = 10.0, 0.05
# Few organisations, so that every day of each has uses of every type from the smallest size on.
DAYS, TYPES, ORGANIZATIONS, WRITERS = 30, 5, 10, 16
TURNS, ROUNDS, WINDOW_SECONDS, CALLERS = 150, 5, 2.0, (1, 8)
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
        yield server
    finally:
        testing.drop_databases(server, DATABASE)
        postgres.stop(FOLDER / "postgres")


def superuser(server: Postgres, name: str = DATABASE) -> psycopg.Connection:
    return psycopg.connect(server.admin_url, dbname=name, autocommit=True)


def filled(server: Postgres, rows: int) -> str:
    """The alias of a database with so many uses, written by several sessions, as traffic comes: each writes
    in slots of its own.
    """
    from django.db import connections

    name, share = f"{DATABASE}_{rows}", math.ceil(rows / WRITERS)
    testing.clone(server, testing.template(server, FOLDER), name)
    with superuser(server, name) as admin:
        first = (TODAY - timedelta(days=DAYS)).replace(day=1)
        admin.execute("SELECT musenest_make_partition('ai_usage_tracking', %s)", [first])

    def write(number: int) -> None:
        first = number * share
        with superuser(server, name) as writer:
            writer.execute(ROWS, [TODAY, first, min(first + share, rows) - 1])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(WRITERS)))
    with superuser(server, name) as admin:
        for table in ("ai_usage_tracking", "usage_by_day", "usage_by_organization_and_day"):
            admin.execute(f"VACUUM ANALYZE {table}")
        admin.execute("CHECKPOINT")
    connections.databases[name] = {**connections.databases["default"], "NAME": name}
    return name


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = call()
    return (time.perf_counter() - started) * 1000, found


def from_rows(alias: str) -> list[tuple[str, int, int, float | None]]:
    from django.db import connections

    from analytics.selectors import usage

    with connections[alias].cursor() as cursor:
        cursor.execute(RAW, [usage.first_day()])
        return [
            (kind, rows, total, None if average is None else round(float(average), 2))
            for kind, rows, total, average in cursor.fetchall()
        ]


def check(alias: str) -> float:
    """Ends where the rollup is not what the rows come to; returns how many ms those took."""
    from analytics.selectors import usage

    elapsed, expected = timed(lambda: from_rows(alias))
    found = [
        (each.usage_type, each.total_requests, each.total_count, each.avg_response_time)
        for each in usage.by_type(usage.of_all().using(alias))
    ]
    if found != expected:
        sys.exit(f"In {alias} the rollup is not equal to the rows: {found} and {expected}")
    return elapsed


def read(aliases: list[str]) -> tuple[list[float], list[float]]:
    """Median ms of the total and of one organisation at each size, the sizes in turns: whatever else the
    machine does meets all of them.
    """
    from analytics.selectors import usage
    from musenest.common import tenancy

    totals: list[list[float]] = [[] for _ in aliases]
    owns: list[list[float]] = [[] for _ in aliases]
    for _ in range(TURNS):
        for number, alias in enumerate(aliases):
            with tenancy.staff():
                everything = usage.of_all().using(alias)
                totals[number].append(timed(partial(usage.by_type, everything))[0])
            with tenancy.organization(ORGANIZATION):
                own = usage.of_organization(ORGANIZATION).using(alias)
                owns[number].append(timed(partial(usage.by_type, own))[0])
    return [statistics.median(each) for each in totals], [statistics.median(each) for each in owns]


def slope(sizes: tuple[int, ...], elapsed: list[float]) -> float:
    """Of the line of least squares through the logarithms."""
    across, up = [math.log10(rows) for rows in sizes], [math.log10(each) for each in elapsed]
    return statistics.linear_regression(across, up).slope


def growth(server: Postgres, sizes: tuple[int, ...]) -> bool:
    from musenest.common import tenancy

    aliases = [filled(server, rows) for rows in sizes]
    with tenancy.staff():
        raw = [check(alias) for alias in aliases]
    totals, owns = read(aliases)
    print("        rows    total, ms  organisation, ms   the rows, ms   rows / total")
    for rows, total_ms, own_ms, raw_ms in zip(sizes, totals, owns, raw, strict=True):
        print(f"{rows:>12,} {total_ms:>12.2f} {own_ms:>17.2f} {raw_ms:>14.1f} {raw_ms / total_ms:>12.0f} ×")
    slopes, worst = (slope(sizes, totals), slope(sizes, owns)), max(*totals, *owns)
    print(f"equal to the rows at every size; the slowest median is {worst:.2f} ms (limit {MOST_MS:g})")
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
        "serving": list(SERVING), "alone": True, "user": None, "site": None, "usage_type": "analysis",
        "metadata": json.dumps({}), "id": pk, "key": pk.hex, "day": now.date(), "now": now,
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
