"""Deployments end once and truly, in whatever order workers, servers and people act."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from werkzeug import Request, Response

from accounts.models import AuditEvent
from billing.models import UsageRecord
from billing.selectors import usage
from moderation.models import ConfigurationVersion, Deployment, DeploymentStatus, Server, SiteStatus
from moderation.services import deployments, servers
from musenest.common import tenancy, work
from musenest.common.actors import SYSTEM
from tests.fake_server import FakeServer, as_json
from tests.moderation.services.deploying import request, run, site_of, statuses
from tests.samples import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "draft")]


def test_success_writes_everything_in_one_go(acme: Customer, fake: FakeServer) -> None:
    with acme.scope():
        done = run(request(acme))
        site = site_of(acme)
        assert (done.deployment_status, done.state, done.attempts) == ("successful", "done", 1)
        assert (site.deployment_status, site.deployed_version) == (SiteStatus.DEPLOYED, done.version)
        assert site.last_deployed_at == done.deployed_at
        record = UsageRecord.objects.get(usage_type="config_deployment")
        assert (record.site_config_id, record.metadata) == (site.pk, {"revision": 1, "attempt_count": 1})
        assert usage.used_this_month(acme.organization) == 0
        event = AuditEvent.objects.get(action="deployment.requested")
        assert event.changes == {
            "site": "acme-family",
            "version": 1,
            "revision": 1,
            "max_retries": 3,
            "retry_delay_base_ms": 1000,
        }
    (sent,) = fake.stored.values()
    assert (sent["revision"], sent["digest"]) == (1, done.version.digest)
    assert set(sent) == {"revision", "digest", "nudenet", "blip", "moderation_rules", "usage_intents"}


def test_what_was_not_changed_is_the_same_version_and_a_new_revision(acme: Customer) -> None:
    with acme.scope():
        first, second, third = request(acme), request(acme), request(acme, 2.5)
        assert [one.revision for one in (first, second, third)] == [1, 2, 3]
        assert [one.version.number for one in (first, second, third)] == [1, 1, 2]
        assert statuses() == ["superseded", "superseded", "pending"]


def test_a_version_cannot_be_changed(acme: Customer) -> None:
    with acme.scope():
        request(acme)
        with pytest.raises(DatabaseError), transaction.atomic():
            ConfigurationVersion.objects.update(digest="0" * 64)


def test_a_transient_failure_is_tried_again_and_then_succeeds(acme: Customer, fake: FakeServer) -> None:
    with acme.scope():
        deployment = request(acme)
        fake.apply = lambda _: as_json({}, 503)
        waiting = run(deployment)
        assert (waiting.state, waiting.error_code, waiting.deployment_status) == (
            "waiting",
            "SERVER_BUSY",
            "in_progress",
        )
        assert waiting.due_at > waiting.created_at
        fake.apply = fake.keep
        done = run(deployment)
        assert (done.deployment_status, done.attempts, done.error_code, done.error_message) == (
            "successful",
            2,
            "",
            "",
        )


def test_the_last_try_gives_up_and_says_why(acme: Customer, fake: FakeServer) -> None:
    fake.apply = lambda _: as_json({}, 503)
    with acme.scope():
        deployment = request(acme)
        for _ in range(3):
            failed = run(deployment)
        assert (failed.state, failed.deployment_status, failed.error_code) == (
            "failed",
            "failed",
            "SERVER_BUSY",
        )
        assert "no room" in failed.error_message
        assert site_of(acme).deployment_status == SiteStatus.FAILED
        assert not UsageRecord.objects.exists()


@pytest.mark.parametrize(("status", "code"), [(422, "CONFIGURATION_REFUSED"), (401, "SERVER_KEY_REFUSED")])
def test_what_no_further_try_can_help_gives_up_at_once(
    acme: Customer, fake: FakeServer, status: int, code: str
) -> None:
    fake.apply = lambda _: as_json({}, status)
    with acme.scope():
        failed = run(request(acme))
        assert (failed.state, failed.attempts, failed.error_code) == ("failed", 1, code)


def test_a_newer_revision_on_the_server_is_overtaken_by_the_next_deployment(
    acme: Customer, fake: FakeServer
) -> None:
    """As after a restored database: the server knows revision 9, we only 1."""
    with acme.scope():
        site = site_of(acme)
        fake.stored[f"/sites/{site.pk}/configuration"] = {"revision": 9, "digest": "0" * 64}
        failed = run(request(acme))
        assert (failed.deployment_status, failed.error_code) == ("failed", "REVISION_REFUSED")
        assert "revision 9" in failed.error_message
        assert site_of(acme).deployment_status == SiteStatus.FAILED
        second = run(request(acme))
        assert (second.revision, second.deployment_status) == (10, "successful")
        assert site_of(acme).deployment_status == SiteStatus.DEPLOYED


def test_the_older_of_two_is_superseded_when_its_turn_comes(acme: Customer, fake: FakeServer) -> None:
    """The first fails once and waits; meanwhile a second is asked for."""
    with acme.scope():
        first = request(acme)
        fake.apply = lambda _: as_json({}, 503)
        run(first)
        fake.apply = fake.keep
        second = request(acme, 2.5)
        run(first)
        run(second)
        assert statuses() == ["superseded", "successful"]
        assert site_of(acme).deployed_version == second.version


def test_one_that_is_superseded_between_claim_and_start_stays_superseded(
    acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new deployment is committed after the worker read the row and before it says that it has begun."""
    original = Deployment.objects.select_related

    with acme.scope():
        first = request(acme)

        def select_related(*names: str) -> Any:
            monkeypatch.undo()
            found = original(*names)
            list(found)
            rows = {row.pk: row for row in found}
            request(acme, 2.5)

            class Found:
                def get(self, pk: Any) -> Deployment:
                    return rows[pk]

            return Found()

        monkeypatch.setattr(Deployment.objects, "select_related", select_related)
        run(first)
        assert statuses() == ["superseded", "pending"]
        assert Deployment.objects.get(pk=first.pk).state == "cancelled"
        assert site_of(acme).deployed_version is None


def test_an_overtaken_deployment_does_not_bring_its_version_back(acme: Customer, fake: FakeServer) -> None:
    """The second is asked for, applied and ended while the first is between its read-back and its end."""
    with acme.scope():
        first = request(acme)

        original = deployments.succeed

        def succeed(deployment: Deployment, applied: Any) -> None:
            if deployment.pk == first.pk:
                second = request(acme, 2.5)
                run(second)
            original(deployment, applied)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deployments, "succeed", succeed)
            run(first)
        assert statuses() == ["successful", "successful"]
        site = site_of(acme)
        assert site.deployed_version is not None
        assert (site.deployed_version.number, site.deployment_status) == (2, SiteStatus.DEPLOYED)
        (held,) = fake.stored.values()
        assert held["digest"] == site.deployed_version.digest


def test_a_failure_of_an_old_one_does_not_fail_the_site(acme: Customer, fake: FakeServer) -> None:
    with acme.scope():
        first = request(acme)
        Deployment.objects.filter(pk=first.pk).update(deployment_status=DeploymentStatus.IN_PROGRESS)
        run(request(acme, 2.5))
        deployments.give_up(first, "The worker was lost.")
        assert statuses() == ["failed", "successful"]
        assert site_of(acme).deployment_status == SiteStatus.DEPLOYED


def test_a_read_back_that_differs_is_no_success(acme: Customer, fake: FakeServer) -> None:
    fake.tell = lambda _: as_json({"revision": 1, "digest": "0" * 64})
    with acme.scope():
        found = run(request(acme))
        assert (found.state, found.error_code) == ("waiting", "READ_BACK_DIFFERS")
        assert site_of(acme).deployed_version is None


def test_a_removed_server_ends_it(acme: Customer) -> None:
    with acme.scope():
        deployment = request(acme)
        Deployment.objects.update(server=None)
        failed = run(deployment)
        assert (failed.state, failed.error_code) == ("failed", "SERVER_REMOVED")


def test_a_failed_one_can_be_replayed(acme: Customer, fake: FakeServer) -> None:
    fake.apply = lambda _: as_json({}, 422)
    with acme.scope():
        failed = run(request(acme))
        fake.apply = fake.keep
        work.replay(failed)
        done = run(failed)
        assert (done.deployment_status, done.error_message) == ("successful", "")
        assert site_of(acme).deployment_status == SiteStatus.DEPLOYED


def test_a_second_run_does_nothing(acme: Customer, fake: FakeServer) -> None:
    with acme.scope():
        done = run(request(acme))
        run(done)
        assert Deployment.objects.get().attempts == 1
        assert UsageRecord.objects.count() == 1


def test_the_servers_key_is_sent_and_not_stored_with_the_deployment(acme: Customer, fake: FakeServer) -> None:
    seen: list[str] = []

    def keep(call: Request) -> Response:
        seen.append(call.headers.get("Authorization", ""))
        return fake.keep(call)

    fake.apply = keep
    with tenancy.staff():
        servers.update(server=Server.objects.get(), fields={"api_key": "s3cret"}, by=SYSTEM)
    with acme.scope():
        run(request(acme))
        rows = json.dumps(list(Deployment.objects.values()), default=str)
    assert seen == ["Bearer s3cret"]
    assert "s3cret" not in rows
