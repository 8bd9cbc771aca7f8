"""`healthcheck.py web|worker|moderation`: status 0 where the program of this container does its work.

It stands alone, because it also runs where Django does not.
"""

import os
import socket
import sys
import urllib.request

SECONDS = 4


def answers(url: str, headers: dict[str, str]) -> bool:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=SECONDS) as answer:  # noqa: S310 -- loopback, made below
        return bool(answer.status == 200)  # noqa: PLR2004 -- HTTP's word for well


def web() -> bool:
    """By a name that it answers for; any other is refused."""
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
    return answers(f"http://127.0.0.1:{os.environ.get('PORT', '3000')}/health", {"Host": host})


def moderation() -> bool:
    key = secret("MODERATION_SERVER_API_KEY")
    return answers("http://127.0.0.1:5000/health", {"Authorization": f"Bearer {key}"})


def worker() -> bool:
    """Over the broker, so that it is known to hear rings."""
    from celery import Celery

    celery = Celery(broker=secret("REDIS_URL"))
    name = f"worker@{socket.gethostname()}"
    with celery.connection_for_read() as connection:
        return bool(celery.control.ping(destination=[name], timeout=SECONDS / 2, connection=connection))


def secret(name: str) -> str:
    """Docker runs this beside the program, without the entrypoint that reads the files."""
    if name in os.environ:
        return os.environ[name]
    with open(os.environ[f"{name}_FILE"], encoding="utf-8") as file:  # noqa: PTH123 -- pathlib would cost each call more
        return file.read().strip()


PROGRAMS = {"web": web, "worker": worker, "moderation": moderation}

if __name__ == "__main__":
    try:
        healthy = PROGRAMS[sys.argv[1]]()
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is not healthy
        sys.exit(f"{type(error).__name__}: {error}")
    sys.exit(not healthy)
