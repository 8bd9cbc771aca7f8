"""Starts the services of a test run and sets its environment, before pytest-django reads the settings.

Loaded by `-p tests.plugin`: a conftest would be too late. With xdist the controller starts PostgreSQL and
Valkey, and its workers join them; every worker has a database (a clone of the migrated template) and a Valkey
database of its own, named in its environment, so that processes which a test starts find the same ones.
"""

import base64
import json
import os
from pathlib import Path

import pytest

from script.support import chromium, testing
from script.support.testing import Services

ROOT = Path(__file__).resolve().parents[1]
RUN = "MUSENEST_TEST_RUN"  # for workers: the process id of their controller
# Set by script/test. "now": only the tests marked `faults` run, on services of their own that they may kill;
# "later": all others; unset: the same, and those are told as skipped.
FAULTS = os.environ.get("MUSENEST_TEST_FAULTS", "")
COUNTS = "MUSENEST_TEST_COUNTS"  # a file that gets a line of counts from every process of script/test
OUTCOMES = ("failed", "error", "passed", "skipped", "xfailed", "xpassed")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
MOST_WORKERS = 16  # Valkey's databases
# Walkers and fuzzers go again and again over what other tests cover: counting lines would double their time.
UNCOUNTED = (
    "tests/guards/",
    "tests/browser/",
    "tests/moderation/clients/test_answers.py",
    "test_promises.py",
)

FIXED = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": "tests-" + "s" * 60,
    "JWT_SECRET": "tests-" + "j" * 60,
    "SEAL_KEY": "tests-" + "k" * 60,
    "ENCRYPTION_KEYS": base64.urlsafe_b64encode(b"t" * 32).decode(),
}
# What the shell or `.env` of whoever runs the tests may hold, and what must not reach them.
EMPTIED = ("SENTRY_DSN", "STRIPE_SECRET_KEY", "EGRESS_ALLOW", "MODERATION_SERVER_API_KEY")
DEFAULTS = {
    "DEBUG": "false",
    "DB_POOL_MAX": "0",
    "PORT": "3000",
    "BASE_URL": "http://127.0.0.1:3000",
    "RATE_LIMIT_ENABLED": "false",  # a test about rates takes the fixture `limited`
}


def worker_number() -> int:
    number = int(WORKER.removeprefix("gw")) if WORKER.startswith("gw") else 0
    if number >= MOST_WORKERS:
        raise pytest.UsageError(f"At most {MOST_WORKERS} workers: Valkey has no more databases.")
    return number


def begin() -> Services:
    """Starts or joins the services, then sets the environment by which the settings find them."""
    faults = FAULTS == "now"
    folder = ROOT / "var" / ("faults" if faults else "test")
    if WORKER == "main":
        # A killed PostgreSQL keeps what it has acknowledged only where it is durable.
        services = testing.start(folder, durable=faults)
        os.environ[RUN] = str(services.run)
    else:
        services = testing.join(folder, int(os.environ[RUN]))
    os.environ.update(FIXED | DEFAULTS | dict.fromkeys(EMPTIED, ""))
    os.environ.update(testing.urls(services.postgres, services.database(WORKER)))
    os.environ["REDIS_URL"] = services.valkey.database(worker_number())
    return services


SERVICES = begin()


def make_database() -> None:
    """Makes the worker's database anew: a clone of the migrated template (made where missing)."""
    source = testing.template(SERVICES.postgres, SERVICES.folder)
    testing.clone(SERVICES.postgres, source, SERVICES.database(WORKER))


def drop_database() -> None:
    testing.drop(SERVICES.postgres, SERVICES.database(WORKER))


def pytest_unconfigure(config: pytest.Config) -> None:
    if WORKER == "main":
        SERVICES.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        refuse_truncation(item)
        if any(part in item.nodeid for part in UNCOUNTED):
            item.add_marker(pytest.mark.no_cover)
        if item.get_closest_marker("browser") is not None and chromium.find() is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing"))
    faults = [item for item in items if item.get_closest_marker("faults") is not None]
    if not FAULTS:
        for item in faults:
            item.add_marker(pytest.mark.skip(reason="kills services: run it by script/test"))
        return
    others = [item for item in items if item.get_closest_marker("faults") is None]
    items[:], left_out = (faults, others) if FAULTS == "now" else (others, faults)
    config.hook.pytest_deselected(items=left_out)


def refuse_truncation(item: pytest.Item) -> None:
    """The application's role may not truncate, which is how pytest-django cleans up after real commits."""
    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db instead of transaction=True.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COUNTS in os.environ and WORKER == "main":
        counts = {name: len(terminalreporter.getreports(name)) for name in OUTCOMES}
        with Path(os.environ[COUNTS]).open("a") as file:
            file.write(json.dumps(counts) + "\n")


if __name__ == "__main__":  # script/test has it made while something else waits
    testing.template(SERVICES.postgres, SERVICES.folder)
    SERVICES.stop()
