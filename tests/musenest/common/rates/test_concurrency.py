"""However many ask at one moment, exactly as many pass as the rate says."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from limits import RateLimitItemPerMinute

from musenest.common.rates.classes import Rate
from musenest.common.rates.counters import count
from tests.samples import api

THREADS, PROCESSES, EACH = 16, 20, 25
FORK = multiprocessing.get_context("fork")


def admitted(rate: Rate, subject: str, times: int) -> int:
    return sum(count([(rate, subject)]).is_admitted for _ in range(times))


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_threads_share_one_limit(limit: int) -> None:
    rate = Rate("threads", RateLimitItemPerMinute(limit))
    for number in range(20):
        start = Barrier(THREADS)

        def ask(subject: str = f"round-{number}", start: Barrier = start) -> int:
            start.wait()
            return admitted(rate, subject, EACH)

        with ThreadPoolExecutor(THREADS) as pool:
            passed = [pool.submit(ask) for _ in range(THREADS)]
        assert sum(future.result() for future in passed) == limit


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_processes_share_one_limit(limit: int) -> None:
    rate = Rate("processes", RateLimitItemPerMinute(limit))
    start, found = FORK.Barrier(PROCESSES), FORK.Queue()

    def ask() -> None:
        start.wait(30)
        found.put(admitted(rate, "all", EACH))

    asking = [FORK.Process(target=ask) for _ in range(PROCESSES)]
    for process in asking:
        process.start()
    passed = [found.get(timeout=30) for _ in asking]
    for process in asking:
        process.join(30)
    assert sum(passed) == limit


def test_forked_processes_hear_their_own_answers() -> None:
    rate = Rate("forked", RateLimitItemPerMinute(EACH))
    assert admitted(rate, "parent", 1)
    found = FORK.Queue()

    def ask(number: int) -> None:
        subject = f"child-{number}"
        found.put([count([(rate, subject)]).remaining for _ in range(EACH)])

    asking = [FORK.Process(target=ask, args=(number,)) for number in range(PROCESSES)]
    for process in asking:
        process.start()
    answers = [found.get(timeout=30) for _ in asking]
    for process in asking:
        process.join(30)
    assert answers == [list(reversed(range(EACH)))] * PROCESSES


@pytest.mark.usefixtures("committed_db", "limited")
def test_requests_of_one_address_share_one_limit() -> None:
    start = Barrier(THREADS)

    def ask() -> list[int]:
        start.wait()
        client = api.anonymous()
        return [client.get(api.TIERS).status_code for _ in range(10)]

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [status for found in pool.map(lambda _: ask(), range(THREADS)) for status in found]
    assert (answers.count(200), answers.count(429)) == (100, 60)
