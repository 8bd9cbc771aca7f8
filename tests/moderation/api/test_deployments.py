"""Deploying through HTTP, against a server that answers over HTTP; the worker's part runs in this process."""

from typing import Any
from uuid import uuid4

import pytest
from werkzeug import Response

from accounts.models import Role
from moderation.models import Deployment, DeploymentStatus, Site
from musenest.common import work
from tests import samples
from tests.fake_server import FakeServer, as_json
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "draft")]

ONE = f"{api.SITES}/acme-family"
DEPLOY = f"{ONE}/deploy"


@pytest.fixture
def client(acme: Customer) -> Any:
    return api.owner(acme)


def do_work(deployment: dict[str, Any]) -> None:
    work.run("deployment", deployment["id"])


def again(of: Customer, deployment: dict[str, Any]) -> None:
    """The next try, without its wait."""
    with of.scope():
        Deployment.objects.filter(pk=deployment["id"]).update(due_at="2020-01-01T00:00Z")
    do_work(deployment)


def test_a_deployment_is_accepted_then_done(acme: Customer, client: Any, fake: FakeServer) -> None:
    plan = api.data(client.post(f"{ONE}/plan"))
    asked = api.data(client.post(DEPLOY, {"expectedDigest": plan["digest"]}), 202)["deployment"]
    assert (asked["deployment_status"], asked["revision"], asked["version"], asked["digest"]) == (
        "pending",
        1,
        1,
        plan["digest"],
    )
    assert asked["nudenet_config"] == plan["nudenet"]
    do_work(asked)
    done = api.data(client.get(f"{api.DEPLOYMENTS}/{asked['id']}"))
    assert (done["deployment_status"], done["attempts"], done["error_code"]) == ("successful", 1, "")
    assert None not in {done["deployed_at"], done["finished_at"], done["response_time_ms"]}
    site = api.data(client.get(ONE))
    assert (site["deployment_status"], site["deployed_version"]) == ("deployed", 1)
    (sent,) = fake.stored.values()
    assert (sent["digest"], sent["revision"]) == (plan["digest"], 1)


def test_waiting_answers_at_the_end(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's part is done while the request sleeps."""

    def sleep(_: float) -> None:
        work.run("deployment", str(Deployment.objects.latest("created_at").pk))

    monkeypatch.setattr("moderation.selectors.deployments.time.sleep", sleep)
    found = api.data(client.post(f"{DEPLOY}?wait=5"), 200)["deployment"]
    assert found["deployment_status"] == "successful"


def test_waiting_in_vain_answers_as_at_once(client: Any) -> None:
    assert api.data(client.post(f"{DEPLOY}?wait=1"), 202)["deployment"]["deployment_status"] == "pending"


@pytest.mark.parametrize("wait", ["31", "-1", "x", "1.5"])
def test_waits_have_a_limit(acme: Customer, client: Any, wait: str) -> None:
    found = api.error(client.post(f"{DEPLOY}?wait={wait}"), 422)
    assert found["details"]["field"] == "wait"
    with acme.scope():
        assert not Deployment.objects.exists()


def test_a_plan_that_is_stale_is_not_deployed(acme: Customer, client: Any) -> None:
    plan = api.data(client.post(f"{ONE}/plan"))
    client.patch(ONE, {"blip_config": {"risk_multiplier": 4}})
    found = api.error(client.post(DEPLOY, {"expected_digest": plan["digest"]}), 409)
    assert found["code"] == "PLAN_STALE"
    assert found["details"]["digest"] == api.data(client.post(f"{ONE}/plan"))["digest"]
    with acme.scope():
        assert not Deployment.objects.exists()


def test_conflicts_stop_a_deployment(acme: Customer, client: Any) -> None:
    samples.site(acme, "adult", "adult_18")
    found = api.error(client.post(f"{api.SITES}/adult/deploy"), 409)
    assert found["code"] == "ATTESTATION_MISSING"
    assert [one["code"] for one in found["details"]["conflicts"]] == ["ATTESTATION_MISSING", "NEEDS_CAPTIONS"]


def test_unknown_fields_are_named(client: Any) -> None:
    found = api.error(client.post(DEPLOY, {"revision": 7, "maxTries": 3}), 422)
    assert (found["code"], [error["path"] for error in found["details"]["errors"]]) == (
        "UNKNOWN_FIELD",
        ["max_tries", "revision"],
    )


def test_the_same_key_deploys_once(acme: Customer, client: Any) -> None:
    headers = {"Idempotency-Key": "deploy-1"}
    first = client.post(DEPLOY, headers=headers)
    second = client.post(DEPLOY, headers=headers)
    assert second["Idempotent-Replayed"] == "true"
    assert (second.status_code, second.json()) == (202, first.json())
    with acme.scope():
        assert Deployment.objects.count() == 1


def test_a_newer_deployment_takes_the_place_of_one_that_waits(client: Any) -> None:
    first = api.data(client.post(DEPLOY), 202)["deployment"]
    client.patch(ONE, {"blip_config": {"risk_multiplier": 4}})
    second = api.data(client.post(DEPLOY), 202)["deployment"]
    assert (second["revision"], second["version"]) == (2, 2)
    assert api.data(client.get(f"{api.DEPLOYMENTS}/{first['id']}"))["deployment_status"] == "superseded"


def test_cancelling_ends_what_nobody_has_begun(client: Any) -> None:
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    cancel = f"{api.DEPLOYMENTS}/{asked['id']}/cancel"
    found = api.data(client.post(cancel))
    assert (found["deployment_status"], bool(found["finished_at"])) == ("superseded", True)
    assert api.data(client.get(ONE))["deployment_status"] == "pending"
    assert api.code(client.post(cancel), 409) == "WORK_NOT_WAITING"


BAD: dict[str, tuple[Any, str, str]] = {
    "busy": (lambda _: as_json({}, 503), "SERVER_BUSY", "has no room"),
    "html": (lambda _: Response("<html>Hello</html>", 500), "SERVER_FAILED", "status 500"),
    "redirect": (
        lambda _: Response("", 302, {"Location": "http://127.0.0.1:1/"}),
        "SERVER_FAILED",
        "status 302",
    ),
    "not found": (lambda _: as_json({}, 404), "SERVER_FAILED", "status 404"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_server_that_misbehaves_fails_the_deployment_after_three_tries(
    acme: Customer, client: Any, fake: FakeServer, bad: str
) -> None:
    fake.apply, code, words = BAD[bad]
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    do_work(asked)
    path = f"{api.DEPLOYMENTS}/{asked['id']}"
    waiting = api.data(client.get(path))
    assert (waiting["deployment_status"], waiting["error_code"]) == ("in_progress", code)
    assert words in waiting["error_message"]
    again(acme, asked)
    again(acme, asked)
    failed = api.data(client.get(path))
    assert (failed["deployment_status"], failed["attempts"], failed["error_code"]) == ("failed", 3, code)
    assert words in failed["error_message"]
    assert api.data(client.get(ONE))["deployment_status"] == "failed"


READ_BACK: dict[str, Any] = {
    "another digest": lambda _: as_json({"revision": 1, "digest": "0" * 64}),
    "another revision": lambda _: as_json({"revision": 7, "digest": "0" * 64}),
    "nothing": lambda _: as_json({}, 404),
    "html": lambda _: Response("<html>", 200),
    "text for a number": lambda _: as_json({"revision": "1", "digest": "0" * 64}),
    "NaN": lambda _: Response('{"revision": NaN}', 200),
}


@pytest.mark.parametrize("bad", READ_BACK)
def test_what_the_server_does_not_hold_is_not_deployed(client: Any, fake: FakeServer, bad: str) -> None:
    fake.tell = READ_BACK[bad]
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    do_work(asked)
    found = api.data(client.get(f"{api.DEPLOYMENTS}/{asked['id']}"))
    assert found["error_code"] in {"READ_BACK_DIFFERS", "SERVER_ANSWER_UNREADABLE"}
    assert api.data(client.get(ONE))["deployed_version"] is None


def test_a_server_that_is_off_is_named(client: Any, fake: FakeServer) -> None:
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    fake.http.stop()
    do_work(asked)
    fake.http.start()
    found = api.data(client.get(f"{api.DEPLOYMENTS}/{asked['id']}"))
    assert (found["error_code"], found["error_message"]) == (
        "SERVER_UNREACHABLE",
        "The moderation server could not be reached.",
    )


def test_a_fault_of_ours_is_told_without_its_words(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise KeyError("a secret detail")

    monkeypatch.setattr("moderation.clients.connect", broken)
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    do_work(asked)
    found = client.get(f"{api.DEPLOYMENTS}/{asked['id']}")
    assert api.data(found)["error_code"] == "DEPLOYMENT_FAILED"
    assert b"secret detail" not in found.content


def test_after_a_failed_redeployment_the_last_version_decides(
    acme: Customer, client: Any, fake: FakeServer
) -> None:
    do_work(api.data(client.post(DEPLOY), 202)["deployment"])
    client.patch(ONE, {"blip_config": {"risk_multiplier": 4}})
    fake.apply = lambda _: as_json({}, 422)
    do_work(api.data(client.post(DEPLOY), 202)["deployment"])
    site = api.data(client.get(ONE))
    assert (site["deployment_status"], site["deployed_version"]) == ("failed", 1)


def test_the_history_shows_all_deployments_newest_first(acme: Customer, client: Any) -> None:
    do_work(api.data(client.post(DEPLOY), 202)["deployment"])
    api.data(client.post(DEPLOY), 202)
    samples.deployed(acme, "other")
    found = api.data(client.get(f"{ONE}/history"))["results"]
    assert [(one["revision"], one["deployment_status"]) for one in found] == [
        (2, "pending"),
        (1, "successful"),
    ]
    filtered = api.data(client.get(f"{ONE}/history?deployment_status=pending&fields=revision"))["results"]
    assert filtered == [{"revision": 2}]


def test_a_stranger_finds_no_deployment(acme: Customer, client: Any) -> None:
    stranger = samples.customer("Borealis")
    samples.deployed(stranger, "theirs")
    with stranger.scope():
        theirs = Deployment.objects.get()
    path = f"{api.DEPLOYMENTS}/{theirs.pk}"
    for answer in (
        client.get(path),
        client.post(f"{path}/cancel"),
        client.get(f"{api.DEPLOYMENTS}/{uuid4()}"),
    ):
        assert api.code(answer, 404) == "DEPLOYMENT_UNKNOWN"


def test_who_may_deploy(acme: Customer, client: Any) -> None:
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    cancel = f"{api.DEPLOYMENTS}/{asked['id']}/cancel"
    for denied in (api.member(acme, Role.VIEWER), api.with_key(acme, "sites:read", "sites:write")):
        for path in (DEPLOY, cancel):
            assert api.error(denied.post(path), 403)["details"]["permission"] == "deploy"
        assert denied.get(f"{api.DEPLOYMENTS}/{asked['id']}").status_code == 200
    for path in (DEPLOY, cancel):
        assert api.code(api.anonymous().post(path), 401) == "NOT_SIGNED_IN"
    assert api.with_key(acme, "deploy").post(cancel).status_code == 200
    assert api.with_key(acme, "deploy", header="Authorization").post(DEPLOY).status_code == 202


def test_the_history_takes_as_many_queries_for_one_as_for_three(acme: Customer, client: Any) -> None:
    for _ in range(3):
        api.data(client.post(DEPLOY), 202)
    found = []
    for size in (1, 3):
        with api.counted() as statements:
            assert len(api.data(client.get(f"{ONE}/history?page_size={size}"))["results"]) == size
        found.append(len(statements))
    assert found == [3, 3]


def test_a_site_that_was_saved_while_it_was_deployed_is_outdated(acme: Customer, client: Any) -> None:
    asked = api.data(client.post(DEPLOY), 202)["deployment"]
    with acme.scope():
        Site.objects.update(blip_config={"risk_multiplier": 1.5})
    do_work(asked)
    found = api.data(client.get(ONE))
    assert (found["deployment_status"], found["deployed_version"]) == ("outdated", 1)
    with acme.scope():
        assert Deployment.objects.get().deployment_status == DeploymentStatus.SUCCESSFUL
