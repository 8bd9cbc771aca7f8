"""The counters: a list of instants for each rate and subject, compared and moved by one script in Redis.

`limits` brings the words for a rate. The script is ours, because its own moving window takes one rate at a
time, tells what is left in a second call that may see another state, and trusts the clock of every web
server. A moving window and not a token bucket (GCRA), which admits up to twice the limit in a span that
begins when it is full.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from musenest.common.rates.classes import Rate

SECONDS_TO_ANSWER = 0.5
MICROSECONDS = 1_000_000

# For every key: forget what left the window, then see whether one more fits; count it under all keys or under
# none. Answers whether it was counted, and for each key: how many are counted, microseconds until one more
# fits (0: now), microseconds until the oldest leaves; as one text, which takes one read. The newest instant
# is at the head of a list.
TAKE = """
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local admitted, found = 1, {}
    for index, key in ipairs(KEYS) do
        local amount, window = tonumber(ARGV[2 * index - 1]), tonumber(ARGV[2 * index])
        local oldest = tonumber(redis.call('LINDEX', key, -1))
        while oldest and oldest <= now - window do
            redis.call('RPOP', key)
            oldest = tonumber(redis.call('LINDEX', key, -1))
        end
        local count, wait = redis.call('LLEN', key), 0
        if count >= amount then
            admitted = 0
            local leaves = amount > 0 and tonumber(redis.call('LINDEX', key, amount - 1)) or now
            wait = leaves + window - now
        end
        found[index] = {count, wait, (oldest or now) + window - now}
    end
    if admitted == 1 then
        for index, key in ipairs(KEYS) do
            redis.call('LPUSH', key, string.format('%.0f', now))
            redis.call('PEXPIRE', key, math.ceil(ARGV[2 * index] / 1000))
            found[index][1] = found[index][1] + 1
        end
    end
    local answer = {admitted}
    for index, figures in ipairs(found) do
        for _, figure in ipairs(figures) do answer[#answer + 1] = string.format('%.0f', figure) end
    end
    return table.concat(answer, ' ')
"""


@dataclass(frozen=True)
class Verdict:
    """What the strictest rate says: whether this request may pass, how many more may, and in how many seconds
    the oldest one is forgotten (`reset`) or one more fits (`retry_after`, 0 for one that passed).
    """

    is_admitted: bool
    rate: Rate
    remaining: int
    reset: int
    retry_after: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.rate.amount),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


def count(held: Sequence[tuple[Rate, str]]) -> Verdict:
    """Count one request under every (rate, subject), or under none if one of them is full. Raises RedisError
    when it cannot be counted.
    """
    keys = [f"rates:{rate.name}:{subject}" for rate, subject in held]
    figures = [figure for rate, _ in held for figure in (rate.amount, rate.seconds * MICROSECONDS)]
    answer = [int(figure) for figure in connection.take(keys, figures).split()]
    is_admitted = bool(answer[0])
    verdicts = [
        verdict(rate, is_admitted=is_admitted, answer=answer[1 + 3 * index : 4 + 3 * index])
        for index, (rate, _) in enumerate(held)
    ]
    return max(verdicts, key=lambda each: (each.retry_after, -each.remaining, each.reset))


def verdict(rate: Rate, *, is_admitted: bool, answer: Sequence[int]) -> Verdict:
    counted, wait, oldest = answer
    return Verdict(
        is_admitted=is_admitted,
        rate=rate,
        remaining=max(0, rate.amount - counted),
        reset=ceil((wait or oldest) / MICROSECONDS),
        retry_after=ceil(wait / MICROSECONDS),
    )


class Connection(threading.local):
    """This thread's own, kept open. A pool's would be asked before every command whether it still stands."""

    @cached_property
    def take(self) -> Script:
        """The script, on a connection that is given up soon: somebody waits for the answer."""
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=SECONDS_TO_ANSWER,
            socket_connect_timeout=SECONDS_TO_ANSWER,
            # Once more at once: Redis may have been started anew since the last command.
            retry=Retry(NoBackoff(), 1),
            single_connection_client=True,
        )
        return client.register_script(TAKE.encode())


connection = Connection()


def part() -> None:
    """Two processes on one socket would hear each other's answers."""
    connection.__dict__.clear()


os.register_at_fork(after_in_child=part)
