"""What was recorded or warned of in English, on pages of somebody who reads German."""

import pytest
from rest_framework.test import APIClient

from moderation.domain import sentences
from moderation.models import DeploymentStatus
from moderation.services import deployments
from moderation.services import sites as saving
from tests.samples import Customer, api, customer, decision, deployed, end, server, site
from tests.samples.languages import in_german

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    server()
    acme = customer("Acme")
    in_german(acme)
    return acme


def test_warning_of_a_plan(acme: Customer) -> None:
    made = site(acme)
    with acme.scope():
        saving.update(site=made, fields={"nudenet_config": {"detection_threshold": 0.9}}, by=acme.owner.actor)
    page = acme.client.get(acme.url("sites/acme-family")).text
    assert "Bei 0.9 übersieht der Detektor das meiste" in page
    assert "the detector misses" not in page


def test_warning_stays_english_for_programs_of_the_same_person(acme: Customer) -> None:
    made = site(acme)
    with acme.scope():
        saving.update(site=made, fields={"nudenet_config": {"detection_threshold": 0.9}}, by=acme.owner.actor)
    client: APIClient = api.owner(acme)
    said = client.post(
        f"/api/site-configuration/sites/{made.pk}/plan",
        headers={"X-Organization": acme.organization.slug, "Accept-Language": "de"},
    )
    assert "the detector misses most of what it should find" in said.content.decode()


def test_reason_of_a_failed_deployment(acme: Customer) -> None:
    made = site(acme)
    with acme.scope():
        failed = deployments.request(site=made, by=acme.owner.actor)
        end(failed, DeploymentStatus.FAILED, sentences.SERVER_TIMED_OUT % {"seconds": 5})
    for path in ("sites/acme-family", ""):
        page = acme.client.get(acme.url(path)).text
        assert "Der Moderationsserver antwortete nicht binnen 5 s." in page, path


def test_reasons_of_a_picture_that_nobody_assessed(acme: Customer) -> None:
    message = sentences.SERVER_FAILED % {"status": 500} + " The picture is held for a person."
    held = decision(
        acme,
        deployed(acme),
        "flagged",
        reasons=[{"code": "SERVER_FAILED", "message": message, "details": {}}],
    )
    page = acme.client.get(acme.url(f"decisions/{held.pk}")).text
    assert "antwortete mit Status 500. Das Bild wartet auf einen Menschen." in page


def test_refusal_as_a_page_and_beside_its_field(acme: Customer) -> None:
    made = site(acme)
    form = {"site_name": "x", "name": "another"}
    refused = acme.client.post(acme.url(f"sites/{made.site_identifier}/delete"), form)
    assert refused.status_code == 422
    assert "Tippen Sie acme-family, um" in refused.text


def test_stranger_reads_nothing_in_any_language(acme: Customer) -> None:
    site(acme)
    borealis = customer("Borealis")
    in_german(borealis)
    refused = borealis.client.get(acme.url("sites/acme-family"))
    assert refused.status_code == 404
    assert "Es gibt das nicht, oder es gehört Ihnen nicht." in refused.text
