"""Claiming, running and ending one work item. Every write checks the lease, so a worker that was given up for
lost writes nothing.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from django.db import models, transaction
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.errors import ConflictError
from musenest.common.work import doorbell
from musenest.common.work.items import WorkItem, WorkState, claimable
from musenest.common.work.outcomes import GiveUpError, LeaseLostError, RetryError
from musenest.common.work.registry import Kind, kind_of, kinds

logger = structlog.get_logger(__name__)

CRASH_WAITS = (timedelta(seconds=5), timedelta(seconds=30))
CRASHES_TO_PARK = 3

Item = TypeVar("Item", bound=WorkItem)


def enqueue(item: Item) -> Item:
    """Save the row with the id of the request that asked for it, and ring for it when the transaction
    commits.
    """
    item.request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    item.save()
    doorbell.ring_on_commit(kind_of(item).name, str(item.pk))
    return item


def run(kind_name: str, pk: str) -> None:
    """Claim the row and do it; return at once when somebody else has it or it is not due."""
    kind = kinds[kind_name]
    item = claim(kind, pk)
    if item is None:
        return
    with (
        scope_of(item),
        structlog.contextvars.bound_contextvars(request_id=item.request_id, work=f"{kind_name}:{pk}"),
    ):
        try:
            kind.run(item)
            end_if_open(item)
        except LeaseLostError:
            logger.warning("work_lease_lost")
        except GiveUpError as error:
            fail(kind, item, str(error))
        except RetryError as error:
            try_again(kind, item, str(error), error.after)
        except Exception as error:
            logger.exception("work_try_failed")
            try_again(kind, item, f"{type(error).__name__}: {error}")


def scope_of(item: WorkItem) -> AbstractContextManager[Any]:
    organization = getattr(item, "organization_id", None)
    return tenancy.organization(organization) if organization else tenancy.staff()


def claim(kind: Kind, pk: str) -> WorkItem | None:
    """Take the lease, or None. A lease that ran out counts as a crash and makes the row wait first."""
    now = timezone.now()
    with tenancy.staff(), transaction.atomic():
        item = (
            kind.model._default_manager.select_for_update(skip_locked=True)
            .filter(claimable(now), pk=pk)
            .first()
        )
        if item is None:
            return None
        if item.state == WorkState.RUNNING:
            record_crash(kind, item, now)
            return None
        if item.crashes and not is_alone(now):
            return None
        item.state, item.lease, item.leased_until = WorkState.RUNNING, uuid4(), now + kind.lease
        item.attempts += 1
        item.save(update_fields=["state", "lease", "leased_until", "attempts"])
    return item


def record_crash(kind: Kind, item: WorkItem, now: datetime) -> None:
    item.crashes += 1
    item.lease = item.leased_until = None
    item.last_error = (
        f"The worker was lost during try {item.attempts} (crash {item.crashes} of {CRASHES_TO_PARK})."
    )
    item.attempts -= 1  # a crash takes none of the planned tries
    if item.crashes < CRASHES_TO_PARK:
        item.state, item.due_at = WorkState.WAITING, now + CRASH_WAITS[item.crashes - 1]
        item.save()
        logger.warning("work_crashed", kind=kind.name, pk=str(item.pk), crashes=item.crashes)
        return
    end_badly(kind, item, WorkState.PARKED, item.last_error)


def is_alone(now: datetime) -> bool:
    """Whether no other row that has crashed before is running: two suspects never run together.

    The lock makes two claims of suspects take turns; it ends with the claim's transaction.
    """
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('musenest.work.suspects'))")
    suspects = models.Q(state=WorkState.RUNNING, crashes__gt=0, leased_until__gte=now)
    return not any(kind.model._default_manager.filter(suspects).exists() for kind in kinds.values())


@contextmanager
def finishing(item: Item) -> Iterator[Item]:
    """One transaction that ends the row as done, together with what the body writes.

    Yields the row, locked and fresh. Raises LeaseLostError (and writes nothing) when the lease is not ours
    any more.
    """
    with transaction.atomic():
        fresh = locked(item)
        yield fresh
        fresh.state, fresh.finished_at, fresh.last_error = WorkState.DONE, timezone.now(), ""
        fresh.lease = fresh.leased_until = None
        fresh.save()
    item.state = WorkState.DONE


def locked(item: Item) -> Item:
    fresh: Item | None = (
        type(item)
        ._default_manager.select_for_update()
        .filter(pk=item.pk, state=WorkState.RUNNING, lease=item.lease)
        .first()
    )
    if fresh is None:
        raise LeaseLostError
    return fresh


def end_if_open(item: WorkItem) -> None:
    """End a row whose handler returned without ending it (most do so themselves, with what they write)."""
    with suppress(LeaseLostError), finishing(item):
        pass


def try_again(kind: Kind, item: WorkItem, reason: str, after: timedelta | None = None) -> None:
    """Plan the next try, or fail after the last one. A try that ended, even badly, clears it."""
    if item.attempts >= kind.max_attempts:
        fail(kind, item, reason)
        return
    with ignoring_lost_lease(), transaction.atomic():
        fresh = locked(item)
        fresh.state, fresh.last_error, fresh.crashes = WorkState.WAITING, reason, 0
        fresh.due_at = timezone.now() + (after if after is not None else kind.backoff(item.attempts))
        fresh.lease = fresh.leased_until = None
        fresh.save()


def fail(kind: Kind, item: WorkItem, reason: str) -> None:
    with ignoring_lost_lease(), transaction.atomic():
        end_badly(kind, locked(item), WorkState.FAILED, reason)


def end_badly(kind: Kind, item: WorkItem, state: WorkState, reason: str) -> None:
    """End the row and let the kind tell its other rows. Where that fails, the row is parked and so ends."""
    logger.warning("work_failed", kind=kind.name, pk=str(item.pk), state=str(state), reason=reason)
    item.lease = item.leased_until = None
    item.state, item.last_error, item.finished_at = state, reason, timezone.now()
    try:
        with transaction.atomic():
            item.save()
            kind.failed(item, reason)
    except Exception as error:
        logger.exception("work_could_not_fail", kind=kind.name, pk=str(item.pk))
        item.state = WorkState.PARKED
        item.last_error = f"{reason} (and telling of it failed: {type(error).__name__}: {error})"
        item.save()


@contextmanager
def ignoring_lost_lease() -> Iterator[None]:
    try:
        yield
    except LeaseLostError:
        logger.warning("work_lease_lost")


def replay(item: Item) -> Item:
    """Let a parked or failed row run again from the start. Raises ConflictError when it is neither."""
    with transaction.atomic():
        fresh = type(item)._default_manager.select_for_update().get(pk=item.pk)
        if not fresh.is_replayable:
            raise ConflictError("Only failed or parked work can be replayed.", code="WORK_NOT_REPLAYABLE")
        fresh.state, fresh.attempts, fresh.crashes = WorkState.WAITING, 0, 0
        fresh.due_at, fresh.finished_at = timezone.now(), None
        return enqueue(fresh)


def cancel(item: Item) -> Item:
    """End a row that waits. Raises ConflictError when it runs or has ended.

    It waits for no lock of a row that runs: whoever ends that one may want what our caller has locked.
    """
    rows = type(item)._default_manager.filter(pk=item.pk)
    with transaction.atomic():
        waiting = rows.filter(state=WorkState.WAITING)
        if not waiting.update(state=WorkState.CANCELLED, finished_at=timezone.now()):
            raise ConflictError(
                "This has begun or ended and cannot be cancelled any more.", code="WORK_NOT_WAITING"
            )
        return rows.get()
