"""How often a deployment is tried is its own to say, within limits, and how long it waits between."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from moderation.models import Deployment
from moderation.services import deployments
from tests.fake_server import FakeServer, as_json
from tests.moderation.services.deploying import run, site_of
from tests.samples import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "draft")]


@pytest.fixture
def busy(fake: FakeServer) -> FakeServer:
    fake.apply = lambda _: as_json({}, 503)
    return fake


def request(acme: Customer, **tries: Any) -> Deployment:
    return deployments.request(site=site_of(acme), by=acme.owner.actor, **tries)


@pytest.mark.parametrize("tries", [1, 2, 5, 10])
def test_it_fails_after_as_many_tries_as_were_asked_for(acme: Customer, busy: FakeServer, tries: int) -> None:
    with acme.scope():
        deployment = request(acme, max_retries=tries)
        found = [run(deployment).deployment_status for _ in range(tries)]
        failed = run(deployment)

    assert found == ["in_progress"] * (tries - 1) + ["failed"]
    assert (failed.state, failed.attempts, failed.error_code) == ("failed", tries, "SERVER_BUSY")
    assert "no room" in failed.error_message


@pytest.mark.parametrize(
    ("asked", "waits"),
    [({}, [1, 2]), ({"retry_delay_base_ms": 100}, [0.1, 0.2]), ({"retry_delay_base_ms": 60_000}, [60, 120])],
)
def test_each_wait_is_twice_as_long(
    acme: Customer, busy: FakeServer, asked: dict[str, int], waits: list[float]
) -> None:
    with acme.scope():
        deployment = request(acme, **asked)
        for seconds in waits:
            before = timezone.now()
            due = run(deployment).due_at
            assert before <= due - timedelta(seconds=seconds) <= timezone.now()


def test_no_wait_is_longer_than_five_minutes(acme: Customer) -> None:
    deployment = Deployment(max_retries=10, retry_delay_base_ms=60_000, attempts=9)

    assert deployment.wait() == timedelta(minutes=5)
    deployment.attempts = 10
    assert deployment.wait() is None


def test_a_fault_of_ours_is_tried_as_often(acme: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise KeyError("a secret detail")

    monkeypatch.setattr("moderation.clients.connect", broken)
    with acme.scope():
        deployment = request(acme, max_retries=2)
        assert run(deployment).state == "waiting"
        failed = run(deployment)

    assert (failed.deployment_status, failed.error_code) == ("failed", "DEPLOYMENT_FAILED")


def test_what_was_asked_for_is_recorded(acme: Customer) -> None:
    with acme.scope():
        request(acme, max_retries=7, retry_delay_base_ms=250)
        changes = AuditEvent.objects.get(action="deployment.requested").changes

    assert (changes["max_retries"], changes["retry_delay_base_ms"]) == (7, 250)


@pytest.mark.parametrize(
    "tries",
    [
        {"max_retries": 0},
        {"max_retries": 11},
        {"retry_delay_base_ms": 99},
        {"retry_delay_base_ms": 60_001},
    ],
)
def test_the_database_holds_the_limits(acme: Customer, tries: dict[str, int]) -> None:
    with (
        acme.scope(),
        pytest.raises(IntegrityError, match="deployment_tries_are_bounded"),
        transaction.atomic(),
    ):
        request(acme, **tries)
