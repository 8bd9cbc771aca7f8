"""The sweep: rings for what is due or whose worker was lost, so that nothing depends on a ring arriving."""

from django.utils import timezone

from musenest.common.work import doorbell
from musenest.common.work.items import claimable
from musenest.common.work.registry import kinds

RINGS_PER_KIND = 200


def sweep() -> int:
    """Ring for the oldest due rows of every kind; returns how many. Runs as staff, every few seconds."""
    now = timezone.now()
    rung = 0
    for kind in kinds.values():
        due = kind.model._default_manager.filter(claimable(now)).order_by("due_at")
        for pk in due.values_list("pk", flat=True)[:RINGS_PER_KIND]:
            doorbell.send(kind.name, str(pk))
            rung += 1
    return rung
