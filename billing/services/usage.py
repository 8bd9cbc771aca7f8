"""Metering: reserve before the call, finish after it, void what failed through our fault (decisions 7 and
20).

A use counts once per key. The month's counter is compared and moved in one statement, so that a limit is
exact however many ask at once; the counter, the usage row and the key are written in one transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Organization
from billing.models import UsageKey, UsageRecord, UsageState
from billing.selectors import subscriptions
from billing.selectors.usage import MONTHLY_REQUESTS
from billing.services import entitlements
from musenest.common.errors import ConflictError, LimitError
from musenest.common.partitions import first_of_month

ABANDONED_AFTER = timedelta(minutes=2)
ANALYSIS = "analysis"

# Moves the counter by `quantity` unless that would pass the limit (-1: none); returns no row when it would.
COUNT = """
    INSERT INTO usage_counters (organization_id, meter, month, used)
    SELECT %(organization)s, %(meter)s, %(month)s, %(quantity)s WHERE %(limit)s < 0 OR %(quantity)s <=
    %(limit)s ON CONFLICT (organization_id, meter, month) DO UPDATE SET used = usage_counters.used +
    excluded.used WHERE %(limit)s < 0 OR usage_counters.used + excluded.used <= %(limit)s RETURNING
    used
"""


@dataclass(frozen=True)
class Reservation:
    """A use that is counted already and waits for its end."""

    key_pk: UUID
    usage_id: int
    billing_period: date


def reserve(
    *, organization: Organization, key: str, usage_type: str = ANALYSIS, site: UUID | None = None,
    user: UUID | None = None, metadata: dict[str, Any] | None = None,
) -> Reservation:  # fmt: skip
    """Count one monthly request and write its usage row. Raises LimitError (429) at the quota and
    ConflictError for a key in use.
    """
    today = timezone.now().date()
    try:
        with transaction.atomic():
            count(organization, today)
            record = UsageRecord.objects.create(
                organization_id=organization.pk, user_id=user, site_config_id=site, usage_type=usage_type,
                billing_period=today, metadata=metadata or {},
            )  # fmt: skip
            used_key = UsageKey.objects.create(
                organization=organization,
                key=key,
                meter=MONTHLY_REQUESTS,
                usage_id=record.pk,
                billing_period=today,
            )
    except IntegrityError as error:
        if "usage_key_once_per_meter" in str(error):
            raise ConflictError("This use was counted before.", code="USAGE_KEY_USED") from error
        raise
    return Reservation(used_key.pk, record.pk, today)


def count(organization: Organization, day: date) -> None:
    tier = subscriptions.tier_of(organization)
    values: dict[str, Any] = {
        "organization": organization.pk,
        "meter": MONTHLY_REQUESTS,
        "month": first_of_month(day),
        "quantity": 1,
        "limit": tier.max_monthly_requests,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        is_counted = cursor.fetchone() is not None
    if is_counted:
        return
    details = entitlements.monthly_denial(tier, tier.max_monthly_requests)
    raise LimitError(
        str(details["reason"]),
        code="MONTHLY_LIMIT",
        details=details,
        retry_after=seconds_to_next_month(timezone.now()),
    )


def seconds_to_next_month(now: datetime) -> int:
    first = first_of_month(now.date(), 1)
    return int((datetime(first.year, first.month, 1, tzinfo=now.tzinfo) - now).total_seconds()) + 1


def finish(reservation: Reservation, *, response_time_ms: int | None = None) -> bool:
    """The use happened: keep it. Returns False when a sweep voided it meanwhile; then it stays void."""
    with transaction.atomic(savepoint=False):
        if not settle(reservation.key_pk, UsageState.USED):
            return False
        UsageRecord.objects.filter(pk=reservation.usage_id, billing_period=reservation.billing_period).update(
            response_time_ms=response_time_ms
        )
    return True


def void(reservation: Reservation, *, reason: str) -> bool:
    """It failed through our fault: take the count back by a second row. Returns False when it was
    settled before.
    """
    with transaction.atomic(savepoint=False):
        if not settle(reservation.key_pk, UsageState.VOIDED):
            return False
        original = UsageRecord.objects.get(pk=reservation.usage_id, billing_period=reservation.billing_period)
        UsageRecord.objects.create(
            organization_id=original.organization_id,
            user_id=original.user_id,
            site_config_id=original.site_config_id,
            usage_type=original.usage_type,
            request_count=-original.request_count,
            billing_period=original.billing_period,
            metadata={"reason": reason},
            voids=original.pk,
        )
        uncount(original)
    return True


def uncount(original: UsageRecord) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE usage_counters SET used = used - %s"
            " WHERE organization_id = %s AND meter = %s AND month = %s",
            [
                original.request_count, original.organization_id, MONTHLY_REQUESTS,
                first_of_month(original.billing_period),
            ],
        )  # fmt: skip


def settle(key_pk: UUID, state: str) -> bool:
    """Move a reserved key to its end: once, whoever comes first."""
    return UsageKey.objects.filter(pk=key_pk, state=UsageState.RESERVED).update(state=state) == 1


def record(
    *, organization: Organization, usage_type: str, site: UUID | None = None, user: UUID | None = None,
    response_time_ms: int | None = None, metadata: dict[str, Any] | None = None,
) -> UsageRecord:  # fmt: skip
    """Write a use that counts against no limit (a deployment, say); defaults as in M-124."""
    return UsageRecord.objects.create(
        organization_id=organization.pk, user_id=user, site_config_id=site, usage_type=usage_type,
        response_time_ms=response_time_ms, metadata=metadata or {},
    )  # fmt: skip


def void_abandoned() -> int:
    """Void reservations whose process was lost; returns how many. Runs as staff, as a schedule."""
    lost = UsageKey.objects.filter(state=UsageState.RESERVED, created_at__lt=timezone.now() - ABANDONED_AFTER)
    return sum(
        void(Reservation(key.pk, key.usage_id, key.billing_period), reason="abandoned")
        for key in lost.order_by("pk")[:500]
    )
