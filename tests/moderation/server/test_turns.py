"""One site that sends many pictures keeps no other site waiting, and no other site out."""

import concurrent.futures
import os
import signal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moderation.server import samples
from tests.moderation.server.conftest import Running, running
from tests.moderation.server.test_sites import put

ROOM = 8


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Running]:
    """One worker, which does nothing until it is let go on."""
    with running(tmp_path, "--workers", "1", "--queue", str(ROOM)) as one:
        os.kill(one.children()[0], signal.SIGSTOP)
        try:
            yield one
        finally:
            go_on(one)


def go_on(one: Running) -> None:
    os.kill(one.children()[0], signal.SIGCONT)


@pytest.fixture
def busy_site(stopped: Running) -> str:
    return made(stopped)


def made(server: Running) -> str:
    site = str(uuid.uuid4())
    assert put(server, site, 1).status_code == 200
    return site


def test_sites_take_turns(stopped: Running, busy_site: str, wait_until: Callable[..., Any]) -> None:
    """The busy site's first picture is in hand and its second is next; then comes the other's, although two
    more came before it.
    """
    answered: list[str] = []

    def ask(site: str) -> None:
        assert stopped.analyze(samples.bundled("rocket.jpg"), site=site).status_code == 200
        answered.append(site)

    def depth() -> int:
        found: int = stopped.client.get("/health").json()["queue_depth"]
        return found

    other = made(stopped)
    with concurrent.futures.ThreadPoolExecutor(ROOM) as threads:
        asked = [threads.submit(ask, busy_site) for _ in range(4)]
        wait_until(lambda: depth() == 4)
        asked.append(threads.submit(ask, other))
        wait_until(lambda: depth() == 5)
        go_on(stopped)
        for each in asked:
            each.result()
    assert answered == [busy_site, busy_site, other, busy_site, busy_site]


def test_a_site_has_half_of_the_room(stopped: Running, busy_site: str) -> None:
    other = made(stopped)
    picture = samples.bundled("rocket.jpg")
    with concurrent.futures.ThreadPoolExecutor(ROOM) as threads:
        asked = [threads.submit(stopped.analyze, picture, site=busy_site) for _ in range(ROOM)]
        refused = first_answers(asked, ROOM // 2)
        others = [threads.submit(stopped.analyze, picture, site=other) for _ in range(ROOM // 2)]
        go_on(stopped)
        statuses = [each.result().status_code for each in [*asked, *others]]
    assert {each.result().json()["code"] for each in refused} == {"SERVER_BUSY"}
    assert statuses.count(200) == ROOM
    assert all(each.result().status_code == 200 for each in others)
    assert stopped.analyze(picture, site=busy_site).status_code == 200  # its share was given back


def first_answers(
    asked: list[concurrent.futures.Future[Any]], count: int
) -> list[concurrent.futures.Future[Any]]:
    done: list[concurrent.futures.Future[Any]] = []
    for each in concurrent.futures.as_completed(asked, timeout=20):
        done.append(each)
        if len(done) == count:
            break
    return done
