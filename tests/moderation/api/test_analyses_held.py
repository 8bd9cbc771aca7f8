"""Answers that are whole and still not to be trusted, and pictures that break only when they are decoded."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from werkzeug import Request, Response

from billing.models import UsageKey, UsageState
from billing.selectors import usage
from moderation.models import Decision, DeploymentStatus, Site
from moderation.services import deployments
from musenest.common import work
from tests.fake_server import FakeServer, answered, as_json
from tests.moderation.server.samples import bundled, chunk
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_force")]

EXPOSED = {"label": "BUTTOCKS_EXPOSED", "score": 90.0, "box": {"x": 1, "y": 1, "width": 5, "height": 5}}


def deploy(acme: Customer) -> None:
    with acme.scope():
        deployment = deployments.request(site=Site.objects.get(), by=acme.owner.actor)
    work.run("deployment", str(deployment.pk))


def post(acme: Customer, content: bytes | None = None) -> Any:
    image = SimpleUploadedFile("p.png", content or bundled("chelsea.png"), "image/png")
    return api.owner(acme).post(api.ANALYZE, {"site": "acme-family", "image": image}, format="multipart")


def used(acme: Customer) -> int:
    with acme.scope():
        return usage.used_this_month(acme.organization)


def damaged() -> bytes:
    """A PNG whose header, chunks and checksums are good, and whose pixels are cut off."""
    header = (64).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    pixels = b"not a stream of pixels"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def answering(**fields: Any) -> Any:
    def answer(request: Request) -> Response:
        return answered(request, **fields)

    return answer


@pytest.mark.parametrize("revision", [0, 2, -1, 10**20])
def test_an_answer_by_another_configuration_is_held_and_not_metered(
    acme: Customer, fake: FakeServer, revision: int
) -> None:
    fake.analyze = answering(config_revision=revision)
    found = api.data(post(acme))
    assert (found["decision"], found["reasons"][0]["code"]) == ("flagged", "OTHER_REVISION")
    assert found["reasons"][0]["details"] == {"revision": revision, "deployed_revision": 1}
    assert found["final_risk_score"] == 0.0
    assert used(acme) == 0


def test_an_answer_that_does_not_say_its_configuration_is_held(acme: Customer, fake: FakeServer) -> None:
    fake.analyze = answering(config_revision=None)
    assert api.data(post(acme))["reasons"][0]["code"] == "OTHER_REVISION"
    fake.analyze = answering(config_revision="1")
    assert api.data(post(acme))["reasons"][0]["code"] == "SERVER_ANSWER_UNREADABLE"


def test_a_stricter_decision_stays_under_another_configuration(acme: Customer, fake: FakeServer) -> None:
    fake.analyze = answering(config_revision=7, labels=[EXPOSED])
    found = api.data(post(acme))
    assert (found["decision"], found["final_risk_score"]) == ("rejected", 90.0)
    assert found["reasons"][0]["code"] == "OTHER_REVISION"
    assert [label["label"] for label in found["labels"]] == ["BUTTOCKS_EXPOSED"]


def test_a_newer_configuration_on_its_way_is_expected(acme: Customer, fake: FakeServer) -> None:
    fake.analyze = answering(config_revision=2)
    with acme.scope():
        deployments.request(site=Site.objects.get(), by=acme.owner.actor)
    assert api.data(post(acme))["decision"] == "approved"
    assert used(acme) == 1


def test_the_older_configuration_is_not_expected_once_the_newer_is_in_force(
    acme: Customer, fake: FakeServer
) -> None:
    deploy(acme)
    with acme.scope():
        assert Site.objects.get().deployed_revision == 2
    fake.analyze = answering(config_revision=1)
    assert api.data(post(acme))["reasons"][0]["code"] == "OTHER_REVISION"
    fake.analyze = answering(config_revision=2)
    assert api.data(post(acme))["decision"] == "approved"


def test_a_site_deployed_before_revisions_were_kept_is_served(acme: Customer, fake: FakeServer) -> None:
    with acme.scope():
        Site.objects.update(deployed_revision=None)
        assert Site.objects.get().deployments.get().deployment_status == DeploymentStatus.SUCCESSFUL
    assert api.data(post(acme))["decision"] == "approved"


def test_a_picture_that_the_server_cannot_decode_is_the_callers(acme: Customer, fake: FakeServer) -> None:
    fake.analyze = lambda _: as_json({"success": False, "code": "IMAGE_UNREADABLE", "error": "secret"}, 422)
    error = api.error(post(acme), 422)
    assert (error["code"], "secret" in error["message"]) == ("IMAGE_UNREADABLE", False)
    with acme.scope():
        assert not Decision.objects.exists()
        assert UsageKey.objects.get().state == UsageState.VOIDED
    assert used(acme) == 0


@pytest.mark.parametrize(
    "answer",
    [
        as_json({"success": False, "code": "IMAGE_UNREADABLE"}, 500),
        as_json({"success": False, "code": "BATCH_ID_INVALID"}, 422),
        as_json(["IMAGE_UNREADABLE"], 422),
        Response("IMAGE_UNREADABLE", 422),
    ],
)
def test_any_other_refusal_of_the_server_is_held(acme: Customer, fake: FakeServer, answer: Response) -> None:
    fake.analyze = lambda _: answer
    assert api.data(post(acme))["reasons"][0]["code"] == "SERVER_FAILED"


def test_the_real_server_refuses_what_it_cannot_decode(acme_in_force: Customer) -> None:
    assert api.code(post(acme_in_force, damaged()), 422) == "IMAGE_UNREADABLE"
    assert used(acme_in_force) == 0
    assert api.data(post(acme_in_force))["decision"] != "flagged"
    assert used(acme_in_force) == 1
