"""The programs of MuseNest that run side by side, and how to see that each is ready."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from celery import Celery

from script.support.service import HOST
from script.support.supervisor import Program

MOST_WEB_WORKERS = 8
THREADS = 8  # times the workers: connections to PostgreSQL, far below its 300
SERVER_ERROR = 500


def moderation(data: Path, port: int) -> Program:
    command = [sys.executable, "-m", "moderation.server", "--host", HOST, "--port", str(port)]
    return Program("moderation", [*command, "--data", data], answers(f"http://{HOST}:{port}/health"))


def worker(broker: str) -> Program:
    name = f"musenest-{os.getpid()}@{HOST}"
    command = [sys.executable, "-m", "celery", "-A", "musenest", "worker", "-n", name, "--loglevel", "INFO"]
    return Program("worker", command, worker_answers(broker, name))


def beat() -> Program:
    return Program(
        "beat", [sys.executable, "-m", "celery", "-A", "musenest", "beat", "--loglevel", "INFO", "--pidfile="]
    )


def web(port: int) -> Program:
    granian = Path(sys.executable).with_name("granian")
    command: list[str | Path] = [granian, "musenest.wsgi:application", "--interface", "wsgi"]
    address = ["--host", HOST, "--port", str(port)]
    workers = ["--workers", str(min(os.cpu_count() or 1, MOST_WEB_WORKERS)), "--workers-kill-timeout", "5s"]
    return Program(
        "web",
        [*command, *address, *workers, "--blocking-threads", str(THREADS)],
        answers(f"http://{HOST}:{port}/health"),
    )


def answers(url: str) -> Callable[[], bool]:
    """Whether something answers there: any answer but a server's error."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- an address on loopback, made above
                return True
        except urllib.error.HTTPError as error:
            return error.code < SERVER_ERROR
        except OSError:
            return False

    return ask


def worker_answers(broker: str, name: str) -> Callable[[], bool]:
    """Whether the worker of this name answers over the broker."""
    celery = Celery(broker=broker)

    def ask() -> bool:
        with celery.connection_for_read() as connection:  # a pooled one may be of a broker that is gone
            return bool(celery.control.ping(destination=[name], timeout=0.5, connection=connection))

    return ask
