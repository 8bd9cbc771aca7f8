"""The row that every asynchronous piece of work is."""

from datetime import datetime

from django.db import models
from django.utils import timezone


class WorkState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # its tries are used up, or it gave up
    PARKED = "parked"  # three workers were lost with it; a person looks and replays
    CANCELLED = "cancelled"


OPEN_STATES = (WorkState.WAITING, WorkState.RUNNING)


class WorkItem(models.Model):
    """One piece of work: waiting until `due_at`, leased to one worker while it runs, ended once."""

    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING, editable=False)
    attempts = models.PositiveIntegerField(
        default=0, editable=False, help_text="tries, without those that crashed"
    )
    crashes = models.PositiveSmallIntegerField(default=0, editable=False, help_text="leases that ran out")
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    request_id = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_replayable(self) -> bool:
        return self.state in (WorkState.PARKED, WorkState.FAILED)


def claimable(now: datetime) -> models.Q:
    """Rows that a worker may take at `now`: due ones, and those whose worker was lost."""
    return models.Q(state=WorkState.WAITING, due_at__lte=now) | models.Q(
        state=WorkState.RUNNING, leased_until__lt=now
    )


def due_index(name: str) -> models.Index:
    """The index that sweeps read: open rows only, so it stays small however much is done."""
    return models.Index(fields=["due_at"], name=name, condition=models.Q(state__in=OPEN_STATES))
