"""The one Celery task. A ring carries a kind and an id and may be lost: the sweep rings again."""

from collections.abc import Callable

import structlog
from django.db import transaction
from kombu.exceptions import KombuError

logger = structlog.get_logger(__name__)

RING_EXPIRES_SECONDS = 30


def ring_on_commit(kind: str, pk: str) -> None:
    transaction.on_commit(lambda: send(kind, pk))


def send(kind: str, pk: str) -> None:
    """Put the ring into the broker. One that is gone costs a log line and a wait until the next sweep."""
    from musenest.common.work.tasks import ring

    try:
        ring.apply_async(args=(kind, pk), expires=RING_EXPIRES_SECONDS, retry=False)
    except (KombuError, OSError) as error:
        logger.warning("ring_not_sent", kind=kind, pk=pk, error=str(error))


def answer(kind: str, pk: str) -> None:
    """What a worker does when it is rung."""
    from musenest.common.work.running import run
    from musenest.common.work.schedules import run_schedule

    handlers: dict[str, Callable[[str], None]] = {"schedule": run_schedule}
    handler = handlers.get(kind)
    if handler is not None:
        handler(pk)
        return
    run(kind, pk)
