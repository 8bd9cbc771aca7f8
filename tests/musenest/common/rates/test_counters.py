"""Counting in Redis: what fits, what does not, and when it fits again."""

import time
from collections.abc import Callable

import pytest
import redis
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from musenest.common.rates.classes import Rate
from musenest.common.rates.counters import Verdict, count

pytestmark = pytest.mark.usefixtures("clean_valkey")

MINUTE = Rate("minute", RateLimitItemPerMinute(3))
SECOND = Rate("second", RateLimitItemPerSecond(2))


def taken(rate: Rate, times: int, subject: str = "one") -> list[Verdict]:
    return [count([(rate, subject)]) for _ in range(times)]


def test_as_many_as_the_rate_says_pass_and_the_next_waits() -> None:
    verdicts = taken(MINUTE, 4)

    assert [verdict.is_admitted for verdict in verdicts] == [True, True, True, False]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0]
    assert [verdict.retry_after for verdict in verdicts[:3]] == [0, 0, 0]
    assert 59 <= verdicts[3].retry_after <= 60
    assert verdicts[0].headers == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "2",
        "RateLimit-Reset": "60",
    }


def test_a_refused_request_is_not_counted_and_the_window_moves() -> None:
    taken(SECOND, 2)
    time.sleep(0.2)
    assert not count([(SECOND, "one")]).is_admitted
    time.sleep(0.9)  # the first two are a second old, the refused one is not counted

    assert [verdict.is_admitted for verdict in taken(SECOND, 3)] == [True, True, False]


def test_no_span_of_a_window_holds_more_than_the_limit() -> None:
    admitted = []
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        at = time.monotonic()
        if count([(SECOND, "one")]).is_admitted:
            admitted.append(at)
        time.sleep(0.02)
    assert len(admitted) >= 4
    assert all(later - first > 0.97 for first, later in zip(admitted, admitted[2:], strict=False))


def test_subjects_and_rates_are_counted_apart() -> None:
    taken(MINUTE, 3)

    assert count([(MINUTE, "another")]).is_admitted
    assert count([(SECOND, "one")]).is_admitted
    assert not count([(MINUTE, "one")]).is_admitted


def test_of_several_rates_the_strictest_answers_and_none_is_counted_in_vain() -> None:
    both = [(MINUTE, "one"), (SECOND, "one")]
    verdicts = [count(both) for _ in range(3)]

    assert [verdict.is_admitted for verdict in verdicts] == [True, True, False]
    assert [verdict.rate.name for verdict in verdicts] == ["second"] * 3
    assert [verdict.remaining for verdict in verdicts] == [1, 0, 0]
    assert count([(MINUTE, "one")]).remaining == 0, "the refused request was counted under neither rate"


def test_a_lower_limit_counts_from_the_next_request_on() -> None:
    taken(MINUTE, 3)

    lowered = count([(MINUTE.with_amount(1), "one")])
    assert (lowered.is_admitted, lowered.remaining, lowered.rate.amount) == (False, 0, 1)
    assert count([(MINUTE.with_amount(5), "one")]).remaining == 1


def test_a_limit_of_none_admits_none() -> None:
    verdict = count([(MINUTE.with_amount(0), "one")])
    assert (verdict.is_admitted, verdict.retry_after) == (False, 60)


@pytest.mark.parametrize("disturb", [redis.Redis.flushdb, redis.Redis.script_flush])
def test_a_wiped_redis_begins_anew(
    valkey_client: redis.Redis, disturb: Callable[[redis.Redis], None]
) -> None:
    taken(MINUTE, 1)
    disturb(valkey_client)
    assert count([(MINUTE, "one")]).is_admitted


def test_nothing_is_left_when_the_window_is_over(valkey_client: redis.Redis) -> None:
    taken(SECOND, 2)
    assert valkey_client.keys("rates:*") == [b"rates:second:one"]
    time.sleep(1.1)
    assert valkey_client.keys("rates:*") == []


def test_redis_may_have_been_started_anew_since_the_last_request(valkey_client: redis.Redis) -> None:
    taken(MINUTE, 1)
    valkey_client.client_kill_filter(_type="normal", skipme=True)

    assert taken(MINUTE, 1)[0].remaining == 1
