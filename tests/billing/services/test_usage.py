"""Metering: what counts, once, and what is taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from billing.models import Subscription, SubscriptionStatus, UsageCounter, UsageKey, UsageRecord
from billing.selectors import usage as reading
from billing.services import subscriptions, usage
from billing.services.usage import Reservation
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, LimitError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return samples.customer(tier="free")


def reserve(acme: Customer, key: str) -> Reservation:
    return usage.reserve(organization=acme.organization, key=key)


def rows() -> list[tuple[int, int | None]]:
    return list(UsageRecord.objects.order_by("pk").values_list("request_count", "voids"))


def used(acme: Customer) -> int:
    return reading.used_this_month(acme.organization)


def test_a_use_counts_when_it_is_reserved_and_stays_when_it_is_finished(acme: Customer) -> None:
    with acme.scope():
        reservation = reserve(acme, "1")
        assert (used(acme), UsageKey.objects.get().state) == (1, "reserved")
        assert usage.finish(reservation, response_time_ms=12)
        assert (used(acme), UsageKey.objects.get().state) == (1, "used")
        record = UsageRecord.objects.get()
        assert (record.response_time_ms, record.billing_period) == (12, timezone.now().date())


def test_a_void_is_a_second_row_and_takes_the_count_back(acme: Customer) -> None:
    with acme.scope():
        reservation = reserve(acme, "1")
        assert usage.void(reservation, reason="SERVER_BUSY")
        assert used(acme) == 0
        assert rows() == [(1, None), (-1, reservation.usage_id)]
        assert UsageRecord.objects.latest("pk").metadata == {"reason": "SERVER_BUSY"}


def test_the_first_end_of_a_reservation_stands(acme: Customer) -> None:
    with acme.scope():
        finished, voided = reserve(acme, "1"), reserve(acme, "2")
        assert usage.finish(finished)
        assert not usage.void(finished, reason="late")
        assert not usage.finish(finished)
        assert usage.void(voided, reason="failed")
        assert not usage.void(voided, reason="again")
        assert not usage.finish(voided)
        assert used(acme) == 1


def test_one_key_counts_once(acme: Customer) -> None:
    with acme.scope():
        reserve(acme, "1")
        with pytest.raises(ConflictError) as caught:
            reserve(acme, "1")
        assert caught.value.code == "USAGE_KEY_USED"
        assert (used(acme), len(rows())) == (1, 1)


def test_another_organisations_key_is_another(acme: Customer) -> None:
    stranger = samples.customer("Borealis")
    with stranger.scope():
        reserve(stranger, "1")
    with acme.scope():
        reserve(acme, "1")
        assert used(acme) == 1


def test_the_limit_is_reached_exactly(acme: Customer) -> None:
    with acme.scope():
        reserve(acme, "1")
        UsageCounter.objects.update(used=999)
        reserve(acme, "2")
        with pytest.raises(LimitError) as caught:
            reserve(acme, "3")
        assert caught.value.details == {
            "allowed": False,
            "reason": "Monthly request limit exceeded (1000)",
            "upgrade_required": "basic",
            "upgrade_url": "/billing",
            "decision": "flagged",
        }
        assert (used(acme), UsageKey.objects.count()) == (1000, 2)


def test_a_void_makes_room_again(acme: Customer) -> None:
    with acme.scope():
        first = reserve(acme, "1")
        UsageCounter.objects.update(used=1000)
        usage.void(first, reason="failed")
        reserve(acme, "2")


def test_a_tier_of_nothing_allows_nothing(acme: Customer) -> None:
    with tenancy.staff():
        subscription = Subscription.objects.get(organization=acme.organization)
        type(subscription.tier).objects.filter(pk=subscription.tier_id).update(max_monthly_requests=0)
    with acme.scope(), pytest.raises(LimitError):
        reserve(acme, "1")


def test_a_tier_without_limit_counts_all_the_same(acme: Customer) -> None:
    subscriptions.change_tier(organization=acme.organization, tier_name="enterprise", by=SYSTEM)
    with acme.scope():
        reserve(acme, "1")
        UsageCounter.objects.update(used=10**9)
        reserve(acme, "2")
        assert used(acme) == 10**9 + 1


@pytest.mark.parametrize("status", ["paused", "suspended", "cancelled", "expired"])
def test_without_a_serving_subscription_nothing_is_reserved(acme: Customer, status: str) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
        with pytest.raises(DeniedError):
            reserve(acme, "1")
        assert rows() == []


@pytest.mark.parametrize("status", [SubscriptionStatus.TRIALING, SubscriptionStatus.PAST_DUE])
def test_a_trial_and_a_late_payment_serve(acme: Customer, status: str) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
        reserve(acme, "1")


def test_what_was_abandoned_is_voided_by_the_sweep(acme: Customer) -> None:
    with acme.scope():
        lost, fresh, done = (reserve(acme, key) for key in ("lost", "fresh", "done"))
        usage.finish(done)
        old = timezone.now() - timedelta(minutes=3)
        UsageKey.objects.exclude(pk=fresh.key_pk).update(created_at=old)
    with tenancy.staff():
        assert usage.void_abandoned() == 1
        assert usage.void_abandoned() == 0
    with acme.scope():
        assert used(acme) == 2
        states = dict(UsageKey.objects.values_list("key", "state"))
        assert states == {"lost": "voided", "fresh": "reserved", "done": "used"}
        assert not usage.finish(lost)


def test_keys_of_settled_uses_go_after_a_week_and_what_they_counted_stays(
    acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "AT_ONCE", 2)
    with acme.scope():
        kept = {key: reserve(acme, key) for key in ("open", "fresh", "old", "older", "taken back")}
        usage.finish(kept["fresh"])
        usage.finish(kept["old"])
        usage.finish(kept["older"])
        usage.void(kept["taken back"], reason="SERVER_BUSY")
        long_ago = timezone.now() - timedelta(days=7, minutes=1)
        UsageKey.objects.exclude(key="fresh").update(created_at=long_ago)
        rows = UsageRecord.objects.count()
    with tenancy.staff():
        assert [usage.forget_settled() for _ in range(3)] == [2, 1, 0]
    with acme.scope():
        assert set(UsageKey.objects.values_list("key", flat=True)) == {"open", "fresh"}
        assert (used(acme), UsageRecord.objects.count()) == (4, rows)
        assert usage.finish(kept["open"])


def test_a_recorded_use_counts_against_no_limit(acme: Customer) -> None:
    with acme.scope():
        row = usage.record(organization=acme.organization, usage_type="config_deployment")
        assert (row.request_count, row.tokens_used, row.cost_cents, row.response_time_ms) == (1, 0, 0, None)
        assert used(acme) == 0


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 2),
        (datetime(2026, 2, 1, tzinfo=UTC), 28 * 86_400 + 1),
    ],
)
def test_the_wait_ends_with_the_month(now: datetime, seconds: int) -> None:
    assert usage.seconds_to_next_month(now) == seconds


def test_the_counter_agrees_with_the_rows_whatever_happened(acme: Customer) -> None:
    with acme.scope():
        for number in range(20):
            reservation = reserve(acme, str(number))
            if number % 3 == 0:
                usage.void(reservation, reason="failed")
            elif number % 3 == 1:
                usage.finish(reservation)
        total = sum(count for count, _ in rows())
        assert used(acme) == total == 13
