"""What a person does to work of any kind: replay it, cancel it; recorded."""

from typing import TypeVar

from django.db import transaction

from accounts.services import audit
from musenest.common import work
from musenest.common.actors import Actor

Item = TypeVar("Item", bound=work.WorkItem)


def replay(*, item: Item, by: Actor) -> Item:
    """Let failed or parked work run again from the start, and record it. ConflictError when it is neither."""
    with transaction.atomic():
        replayed = work.replay(item)
        record("work.replayed", replayed, by, before=item)
    return replayed


def cancel(*, item: Item, by: Actor) -> Item:
    """End work that nobody has begun, and record it. Raises ConflictError when it runs or has ended."""
    with transaction.atomic():
        cancelled = work.cancel(item)
        record("work.cancelled", cancelled, by, before=item)
    return cancelled


def record(action: str, item: work.WorkItem, by: Actor, *, before: work.WorkItem) -> None:
    audit.record(
        action,
        by=by,
        target=item,
        organization=getattr(item, "organization_id", None),
        changes={"state": [before.state, item.state]},
    )
