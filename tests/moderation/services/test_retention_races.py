"""Removing decisions for real: at one moment, killed in the middle, and against a caption that escalates."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from accounts.services import audit
from moderation.models import CaptionRequest, Decision, Site
from moderation.services import retention
from musenest.common import tenancy, work
from tests import samples
from tests.at_once import at_once
from tests.moderation.services.ageing import left, midnight, old, run, told
from tests.samples import Customer

pytestmark = pytest.mark.usefixtures("committed_db")

FORK = multiprocessing.get_context("fork")


def test_two_runs_at_once_remove_and_tell_each_decision_once(acme: Customer, family: Site) -> None:
    for _ in range(30):
        old(acme, family, midnight(14))

    assert at_once([retention.remove_expired] * 4, tenancy.staff) == ["done"] * 4

    assert left() == set()
    assert sum(changes["decisions"] for _, changes in told()) == 30


def test_a_run_that_is_killed_leaves_nothing_half_done(
    acme: Customer, family: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = old(acme, family, midnight(14))
    with acme.scope():
        samples.hidden_event(Decision.objects.get(pk=pk))

    def killed(*args: Any, **fields: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    connection.close()
    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", killed)
        running = FORK.Process(target=run)
        running.start()
        running.join(30)
    assert running.exitcode == -signal.SIGKILL
    assert (left(), told()) == ({pk}, [])

    assert run() == 1
    assert (left(), [changes for _, changes in told()]) == (set(), [{"decisions": 1, "events": 1}])


@pytest.fixture
def writing(acme: Customer, family: Site) -> Iterator[tuple[int, Event]]:
    """A decision whose caption escalates it: written, and committed once the event is set."""
    pk = old(acme, family, midnight(14))
    with acme.scope():
        asked = samples.caption_request(Decision.objects.get(pk=pk), samples.server())
        asked = work.enqueue(asked)
        CaptionRequest.objects.update(state=work.WorkState.RUNNING)
        asked.refresh_from_db()
    is_written, may_commit = Event(), Event()

    def write() -> None:
        try:
            with acme.scope(), work.finishing(asked):
                samples.hidden_event(Decision.objects.get(pk=pk), decision="rejected", is_escalated=True)
                is_written.set()
                may_commit.wait(30)
        finally:
            connection.close()

    thread = Thread(target=write)
    thread.start()
    assert is_written.wait(30)
    yield pk, may_commit
    may_commit.set()
    thread.join(30)


def test_a_caption_that_escalates_at_the_same_moment_keeps_its_decision(writing: tuple[int, Event]) -> None:
    pk, may_commit = writing
    removing = Thread(target=at_once, args=([retention.remove_expired], tenancy.staff))
    removing.start()
    removing.join(1)
    assert removing.is_alive(), "it waits for the caption"

    may_commit.set()
    removing.join(30)

    assert (left(), told()) == ({pk}, [])
