"""Metering: reserve before the call, finish after it, void what failed through our fault (decisions 7 and
20).

A use counts once per key. The month's counter is compared and moved in one statement, so that a limit is
exact however many ask at once; the counter, the usage row and the key are written in one transaction.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from accounts.models import Organization
from billing.domain.usage_types import ANALYSIS
from billing.models import LIVE, SERVING, Tier, UsageKey, UsageRecord, UsageState
from billing.selectors import subscriptions
from billing.selectors.usage import MONTHLY_REQUESTS
from billing.services import entitlements
from musenest.common.errors import ConflictError, LimitError
from musenest.common.partitions import first_of_month

ABANDONED_AFTER = timedelta(minutes=2)
SETTLED_KEPT = timedelta(days=7)  # the key of a settled use: its row tells the rest
AT_ONCE = 50_000

# Moves the counter by one unless that would pass the tier's limit (-1: none), and writes the usage row
# and its key; returns no row when it would, or when no subscription serves. One statement, because it stands
# before every picture. Where it is a transaction of its own, it does not wait for the disk: PostgreSQL writes
# its log in order, so what settles the use is never there without it, and a crash between the two loses the
# count of something that nobody was given.
RESERVE = """
    WITH tier AS (
        SELECT tiers.max_monthly_requests AS most
        FROM user_subscriptions AS subscriptions
            JOIN subscription_tiers AS tiers ON tiers.id = subscriptions.tier_id
        WHERE subscriptions.organization_id = %(organization)s
            AND subscriptions.subscription_status = ANY (%(serving)s)
            AND set_config('synchronous_commit', CASE WHEN %(alone)s THEN 'off'
                ELSE current_setting('synchronous_commit') END, true) IS NOT NULL
    ), counted AS (
        INSERT INTO usage_counters (organization_id, meter, month, used)
        SELECT %(organization)s, %(meter)s, %(month)s, 1 FROM tier
        WHERE most <> 0
        ON CONFLICT (organization_id, meter, month) DO UPDATE SET used = usage_counters.used + excluded.used
        WHERE (SELECT most < 0 OR usage_counters.used + excluded.used <= most FROM tier)
        RETURNING used
    ), written AS (
        INSERT INTO ai_usage_tracking (organization_id, user_id, site_config_id, usage_type, request_count,
            tokens_used, cost_cents, billing_period, metadata, created_at)
        SELECT %(organization)s, %(user)s, %(site)s, %(usage_type)s, 1,
            0, 0, %(day)s, %(metadata)s, %(now)s FROM counted
        RETURNING id
    )
    INSERT INTO usage_keys (organization_id, id, key, meter, usage_id, billing_period, quantity, state,
        created_at)
    SELECT %(organization)s, %(id)s, %(key)s, %(meter)s, id, %(day)s, 1, 'reserved', %(now)s
    FROM written
    RETURNING usage_id
"""
# Moves a reserved key to its end, once, and keeps how long the use took; returns no row when it had one.
FINISH = """
    WITH settled AS (
        UPDATE usage_keys SET state = 'used' WHERE id = %(id)s AND state = 'reserved'
        RETURNING usage_id
    )
    UPDATE ai_usage_tracking AS usage SET response_time_ms = %(response_time_ms)s FROM settled
    WHERE usage.billing_period = %(day)s AND usage.id = settled.usage_id
    RETURNING usage.id
"""


@dataclass(frozen=True)
class Reservation:
    """A use that is counted already and waits for its end."""

    key_pk: UUID
    usage_id: int
    billing_period: date


def reserve(
    *, organization: Organization, key: str, site: UUID | None = None, user: UUID | None = None,
    metadata: dict[str, Any] | None = None,
) -> Reservation:  # fmt: skip
    """Count one monthly request and write its usage row. Raises LimitError (429) at the quota and
    ConflictError for a key in use.
    """
    now, pk = timezone.now(), uuid4()
    values = {
        "organization": organization.pk,
        "meter": MONTHLY_REQUESTS,
        "month": first_of_month(now.date()),
        "serving": list(SERVING),
        "alone": not connection.in_atomic_block,
        "user": user,
        "site": site,
        "usage_type": ANALYSIS,
        "metadata": Jsonb(metadata or {}),
        "id": pk,
        "key": key,
        "day": now.date(),
        "now": now,
    }
    try:
        # A savepoint for who is in a transaction; alone, the statement is one.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            usage_id = first_value(RESERVE, values)
    except IntegrityError as error:
        if "usage_key_once_per_meter" in str(error):
            raise ConflictError("This use was counted before.", code="USAGE_KEY_USED") from error
        raise
    if usage_id is None:
        raise limit_reached(subscriptions.tier_of(organization), now)
    return Reservation(pk, usage_id, now.date())


def first_value(statement: str, values: dict[str, Any]) -> Any:
    """The first column of the one row that the statement returns, or None."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def limit_reached(tier: Tier, now: datetime) -> LimitError:
    details = entitlements.monthly_denial(tier, tier.max_monthly_requests)
    return LimitError(
        str(details["reason"]),
        code="MONTHLY_LIMIT",
        details=details,
        retry_after=seconds_to_next_month(now),
    )


def seconds_to_next_month(now: datetime) -> int:
    first = first_of_month(now.date(), 1)
    return int((datetime(first.year, first.month, 1, tzinfo=now.tzinfo) - now).total_seconds()) + 1


def finish(reservation: Reservation, *, response_time_ms: int | None = None) -> bool:
    """The use happened: keep it. Returns False when a sweep voided it meanwhile; then it stays void."""
    values = {
        "id": reservation.key_pk,
        "day": reservation.billing_period,
        "response_time_ms": response_time_ms,
    }
    return first_value(FINISH, values) is not None


def void(reservation: Reservation, *, reason: str) -> bool:
    """It failed through our fault: take the count back by a second row. Returns False when it was
    settled before.
    """
    with transaction.atomic(savepoint=False):
        reserved = UsageKey.objects.filter(pk=reservation.key_pk, state=UsageState.RESERVED)
        if not reserved.update(state=UsageState.VOIDED):
            return False
        original = UsageRecord.objects.get(pk=reservation.usage_id, billing_period=reservation.billing_period)
        uncount(original)  # before the row and its rollups: the order in which RESERVE locks them
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


def record(
    *, organization: Organization, usage_type: str, site: UUID | None = None, user: UUID | None = None,
    response_time_ms: int | None = None, metadata: dict[str, Any] | None = None, mode: str = LIVE,
) -> UsageRecord:  # fmt: skip
    """Write a use that counts against no limit (a deployment, say); defaults as in M-124."""
    return UsageRecord.objects.create(
        organization_id=organization.pk, user_id=user, site_config_id=site, usage_type=usage_type,
        response_time_ms=response_time_ms, metadata=metadata or {}, mode=mode,
    )  # fmt: skip


def void_abandoned() -> int:
    """Void reservations whose process was lost; returns how many. Runs as staff, as a schedule."""
    lost = UsageKey.objects.filter(state=UsageState.RESERVED, created_at__lt=timezone.now() - ABANDONED_AFTER)
    return sum(
        void(Reservation(key.pk, key.usage_id, key.billing_period), reason="abandoned")
        for key in lost.order_by("pk")[:500]
    )


def forget_settled() -> int:
    """Delete keys of uses that were settled a week ago, at most `AT_ONCE`; returns how many. Runs as staff,
    as a schedule: the next run goes on. What counts is in the rows, and no caller tells a key twice.
    """
    settled = UsageKey.objects.filter(created_at__lt=timezone.now() - SETTLED_KEPT).exclude(
        state=UsageState.RESERVED
    )
    return UsageKey.objects.filter(pk__in=settled.values("pk")[:AT_ONCE]).delete()[0]
