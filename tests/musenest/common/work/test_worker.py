"""A real worker: it checks its database role, then answers rings."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musenest.common import tenancy, work
from musenest.common.work import doorbell

ROOT = Path(__file__).resolve().parents[4]
READY_SECONDS = 60


@contextmanager
def worker(log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "musenest",
        "worker",
        "--pool",
        "solo",
        "--without-mingle",
    ]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=file, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def finished(name: str) -> bool:
    with tenancy.staff():
        return work.Schedule.objects.filter(name=name, finished_at__isnull=False).exists()


def test_a_worker_answers_a_ring(committed_db: None, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    doorbell.send("schedule", "idempotency.forget")
    with worker(log) as process:
        until = time.monotonic() + READY_SECONDS
        while not finished("idempotency.forget") and time.monotonic() < until and process.poll() is None:
            time.sleep(0.2)

    assert finished("idempotency.forget"), log.read_text()[-3000:]


def test_a_worker_with_the_owners_role_does_not_start(committed_db: None, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with worker(log, DATABASE_URL=os.environ["DATABASE_OWNER_URL"]) as process:
        assert process.wait(timeout=READY_SECONDS) != 0

    assert "MuseNest does not start: The database role owns tables" in log.read_text()
