"""Reading the audit trail, and checking that it is what was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import AuditEvent, AuditSeal, Organization, UnsealedEvent
from musenest.common import chain
from musenest.common.verification import VerificationError

LINKS_AT_ONCE = 1000


def visible_to(organization: Organization) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(organization_id=organization.pk).order_by("-id")


@dataclass(frozen=True)
class Break:
    """Where a chain stops being what was written."""

    organization_id: UUID | None
    sequence: int
    event_id: int
    problem: str


def breaks() -> Iterator[Break]:
    """Every break of every chain, and every event that has neither a seal nor a place in the queue.

    Runs as staff, and reads a thousand links at a time, however long the chains are.
    """
    for organization in AuditSeal.objects.values_list("organization_id", flat=True).distinct():
        yield from breaks_of(organization)
    has_seal = Exists(AuditSeal.objects.filter(event_id=OuterRef("pk")))
    is_waiting = Exists(UnsealedEvent.objects.filter(event_id=OuterRef("pk")))
    for event in AuditEvent.objects.exclude(has_seal).exclude(is_waiting).order_by("pk"):
        yield Break(event.organization_id, 0, event.pk, "was never sealed")


def verified() -> str:
    """What `manage.py verify` says of the trail. Raises VerificationError naming the first bad row."""
    found = next(breaks(), None)
    if found:
        owner = found.organization_id or "the platform"
        raise VerificationError(
            f"Audit event {found.event_id} (link {found.sequence} of {owner}): {found.problem}."
        )
    return f"The audit trail is intact: {count_of_seals():,} sealed events."


def breaks_of(organization: UUID | None) -> Iterator[Break]:
    sequence, previous = 0, chain.GENESIS
    while links := next_links(organization, sequence):
        events = AuditEvent.objects.in_bulk([link.event_id for link in links])
        for link in links:
            problem = problem_of(link, events.get(link.event_id), sequence, previous)
            if problem:
                yield Break(organization, link.sequence, link.event_id, problem)
            sequence, previous = link.sequence, link.seal


def next_links(organization: UUID | None, after: int) -> list[AuditSeal]:
    links = AuditSeal.objects.filter(organization_id=organization, sequence__gt=after).order_by("sequence")
    return list(links[:LINKS_AT_ONCE])


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


def count_of_seals() -> int:
    return AuditSeal.objects.count()
