"""The audit trail: every service records what it did, in its own transaction; a schedule seals the rows into
a chain.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, models, transaction

from accounts.models import AuditEvent, AuditSeal, UnsealedEvent
from musenest.common import chain
from musenest.common.actors import Actor

SEALS_AT_ONCE = 1000


def record(
    action: str,
    *,
    by: Actor,
    target: models.Model,
    organization: UUID | None,
    changes: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one row of the trail. `changes` is {field: [before, after]} or whatever tells what was done;
    never a secret.
    """
    return AuditEvent.objects.create(
        organization_id=organization,
        action=action,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_label=by.label,
        target_type=target._meta.model_name or "",
        target_id=str(target.pk),
        target_label=str(target)[:255],
        changes=dict(changes or {}),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )


def seal_new() -> int:
    """Seal the events that wait, oldest first, each organisation's into its own chain; returns how many. Runs
    as staff.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # one sealer at a time: a chain has one end
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('musenest.audit.seal'))")
        waiting = list(
            UnsealedEvent.objects.order_by("event_id").values_list("event_id", flat=True)[:SEALS_AT_ONCE]
        )
        ends: dict[UUID | None, tuple[int, str]] = {}
        seals = []
        for event in AuditEvent.objects.filter(pk__in=waiting).order_by("pk"):
            sequence, previous = ends.get(event.organization_id) or end_of_chain(event.organization_id)
            sealed = chain.seal(event.sealed_content(), previous, key=settings.SEAL_KEY)
            ends[event.organization_id] = (sequence + 1, sealed)
            seals.append(
                AuditSeal(
                    organization_id=event.organization_id,
                    sequence=sequence + 1,
                    event_id=event.pk,
                    seal=sealed,
                )
            )
        AuditSeal.objects.bulk_create(seals)
        UnsealedEvent.objects.filter(event_id__in=waiting).delete()
    return len(seals)


def end_of_chain(organization: UUID | None) -> tuple[int, str]:
    """(number, seal) of the newest link; (0, GENESIS) for a chain that has none."""
    last = AuditSeal.objects.filter(organization_id=organization).order_by("-sequence").first()
    return (last.sequence, last.seal) if last else (0, chain.GENESIS)
