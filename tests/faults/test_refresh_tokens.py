"""One refresh token used 20 times at once, 100 rounds: one successor each, however the uses fall."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import AuditEvent, Notification, RefreshFamily
from accounts.services import tokens
from musenest.common import tenancy
from musenest.common.errors import NotSignedInError
from tests import samples

pytestmark = pytest.mark.faults

USES, ROUNDS = 20, 100
REFUSALS = {"TOKEN_REUSED", "INVALID_TOKEN"}


@pytest.fixture
def pool(committed_db: None) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(USES) as threads:
        yield threads
        barrier = threading.Barrier(USES)
        list(threads.map(lambda _: hang_up(barrier), range(USES)))


def hang_up(barrier: threading.Barrier) -> None:
    barrier.wait(timeout=30)  # so that each thread closes its own
    connection.close()


def use(text: str, barrier: threading.Barrier) -> str:
    barrier.wait(timeout=30)
    try:
        return tokens.rotate(text).refresh
    except NotSignedInError as error:
        return error.code


def test_of_20_uses_at_once_one_gets_a_successor_a_hundred_times(pool: ThreadPoolExecutor) -> None:
    person = samples.person()
    for number in range(ROUNDS):
        text, barrier = tokens.begin(person).refresh, threading.Barrier(USES)

        found = list(pool.map(lambda _, text=text, barrier=barrier: use(text, barrier), range(USES)))

        successors = [each for each in found if each not in REFUSALS]
        assert len(successors) == 1, number
        assert found.count("TOKEN_REUSED") == 1, number
        with pytest.raises(NotSignedInError):  # reuse has ended the family, with the successor
            tokens.rotate(successors[0])

    with tenancy.staff():
        assert RefreshFamily.objects.filter(end_reason="reused").count() == ROUNDS
        assert AuditEvent.objects.filter(action="refresh_family.ended").count() == ROUNDS
        assert Notification.objects.filter(template="token_reused", person=person).count() == ROUNDS
