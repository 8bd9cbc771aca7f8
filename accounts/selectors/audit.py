"""Reading the audit trail, and checking that it is what was written."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import AuditEvent, AuditSeal, Organization, UnsealedEvent
from musenest.common import chain


def visible_to(organization: Organization) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(organization_id=organization.pk).order_by("-id")


@dataclass(frozen=True)
class Break:
    """Where a chain stops being what was written."""

    organization_id: object
    sequence: int
    event_id: int
    problem: str


def breaks() -> Iterator[Break]:
    """Every break of every chain, and every event that has neither a seal nor a place in the queue. Runs as staff."""
    ends: dict[object, tuple[int, str]] = {}
    events = AuditEvent.objects.in_bulk()
    for seal in AuditSeal.objects.order_by("organization_id", "sequence"):
        sequence, previous = ends.get(seal.organization_id, (0, chain.GENESIS))
        ends[seal.organization_id] = (seal.sequence, seal.seal)
        problem = problem_of(seal, events.pop(seal.event_id, None), sequence, previous)
        if problem:
            yield Break(seal.organization_id, seal.sequence, seal.event_id, problem)
    waiting = set(UnsealedEvent.objects.values_list("event_id", flat=True))
    for event_id in sorted(events.keys() - waiting):
        yield Break(events[event_id].organization_id, 0, event_id, "was never sealed")


def problem_of(seal: AuditSeal, event: AuditEvent | None, sequence: int, previous: str) -> str:
    if seal.sequence != sequence + 1:
        return "links are missing before it"
    if event is None:
        return "the event is gone"
    if event.organization_id != seal.organization_id:
        return "the event is another organisation's"
    if not chain.is_intact(seal.seal, event.sealed_content(), previous, key=settings.SEAL_KEY):
        return "the event or an earlier one was changed"
    return ""
