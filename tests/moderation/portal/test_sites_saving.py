"""The settings of a site: what is saved, what is told, and two people who save at once."""

import pytest

from accounts.models import Role
from moderation.services import sites as saving
from tests.moderation.portal.saving import fresh, settings_of
from tests.samples import Customer, deployed, member, site

pytestmark = pytest.mark.django_db


def test_save_keeps_only_what_differs_and_asks_for_a_deployment(acme: Customer) -> None:
    made = deployed(acme)
    form = settings_of(acme, made) | {"nudenet_config.detection_threshold": "0.3"}
    response = acme.client.post(acme.url("sites/acme-family"), form, follow=True)
    assert fresh(acme, made).nudenet_config == {"detection_threshold": 0.3}
    assert fresh(acme, made).usage_intents == {}
    assert "Deploy 1 change" in response.text
    assert "not in force until you deploy it" in response.text


def test_save_of_the_name_needs_no_deployment(acme: Customer) -> None:
    made = deployed(acme)
    response = acme.client.post(
        acme.url("sites/acme-family"), settings_of(acme, made) | {"site_name": "Families"}, follow=True
    )
    assert fresh(acme, made).site_name == "Families"
    assert "What is in force is what is saved" in response.text


def test_what_decides_nothing_has_no_field_and_stays(acme: Customer) -> None:
    made = site(acme)
    parts, multiplier = {"body_parts": ["ANUS_EXPOSED"]}, {"risk_multiplier": 2}
    with acme.scope():
        own = {"nudenet_config": parts, "blip_config": multiplier}
        made = saving.update(site=made, fields=own, by=acme.owner.actor)
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert 'name="nudenet_config.body_parts"' not in text
    assert 'name="blip_config.risk_multiplier"' not in text
    previewed = acme.client.post(acme.url("sites/acme-family/preview"), settings_of(acme, made)).text
    assert "Reports a child" not in previewed
    assert "reports a child" not in previewed

    form = settings_of(acme, made) | {"nudenet_config.detection_threshold": "0.3"}
    assert acme.client.post(acme.url("sites/acme-family"), form).status_code == 302
    saved = fresh(acme, made)
    assert saved.nudenet_config == {"detection_threshold": 0.3} | parts
    assert saved.blip_config == multiplier


def test_save_of_nothing_counts_no_save(acme: Customer) -> None:
    made = deployed(acme)
    acme.client.post(acme.url("sites/acme-family"), settings_of(acme, made))
    assert fresh(acme, made).config_version == made.config_version


def test_save_of_inverted_thresholds_keeps_what_was_typed(acme: Customer) -> None:
    made = site(acme)
    form = settings_of(acme, made) | {"usage_intents.store.approval_threshold": "90"}
    response = acme.client.post(acme.url("sites/acme-family"), form)
    assert response.status_code == 422
    assert "usage_intents.store.approval_threshold" in response.text
    store = next(use for use in response.context["form"].uses if use.name == "store")
    assert store.approval.value == 90
    assert store.approval.error
    assert fresh(acme, made).usage_intents == {}


def test_second_of_two_who_save_sees_what_the_first_did(acme: Customer) -> None:
    made = site(acme)
    form = settings_of(acme, made) | {"usage_intents.store.rejection_threshold": "55"}
    with acme.scope():
        changes = {"nudenet_config": {"detection_threshold": 0.4}}
        saving.update(site=made, fields=changes, by=acme.owner.actor)
    response = acme.client.post(acme.url("sites/acme-family"), form)
    assert response.status_code == 409
    rows = {row.path: (row.before, row.after) for row in response.context["conflict"].rows}
    assert rows["nudenet_config.detection_threshold"] == ("0.4", "the template's")
    assert rows["usage_intents.store.rejection_threshold"] == ("the template's", "55 %")
    assert fresh(acme, made).nudenet_config == {"detection_threshold": 0.4}
    store = next(use for use in response.context["form"].uses if use.name == "store")
    assert store.rejection.value == 55

    again = acme.client.post(acme.url("sites/acme-family"), form)
    assert again.status_code == 409
    known = response.context["conflict"].version
    overwritten = acme.client.post(acme.url("sites/acme-family"), form | {"overwrite": str(known)})
    assert overwritten.status_code == 302
    assert fresh(acme, made).nudenet_config == {}
    assert fresh(acme, made).usage_intents == {"store": {"rejection_threshold": 55}}


@pytest.mark.parametrize("version", ["", "abc", "-1", "0"])
def test_save_without_the_version_that_was_seen_is_refused(acme: Customer, version: str) -> None:
    made = site(acme)
    form = settings_of(acme, made) | {"config_version": version, "site_name": "Other"}
    assert acme.client.post(acme.url("sites/acme-family"), form).status_code == 409
    assert fresh(acme, made).site_name == made.site_name


def test_viewer_sees_but_cannot_save_or_deploy(acme: Customer) -> None:
    made = deployed(acme)
    viewer = member(acme, Role.VIEWER)
    text = viewer.get(acme.url("sites/acme-family")).text
    assert "You may look at these, not change them." in text
    assert "data-save-bar" not in text
    form = settings_of(acme, made) | {"site_name": "Mine"}
    assert viewer.post(acme.url("sites/acme-family"), form).status_code == 403
    assert viewer.post(acme.url("sites/acme-family/deploy")).status_code == 403
    assert viewer.post(acme.url("sites/acme-family/delete"), {"name": "acme-family"}).status_code == 403
    assert viewer.get(acme.url("new-site")).status_code == 403
    assert viewer.get(acme.url("try")).status_code == 403
    assert fresh(acme, made).site_name == made.site_name


@pytest.mark.parametrize("field", ["site_name", "config_version"])
def test_a_null_byte_is_told_and_not_stored(acme: Customer, field: str) -> None:
    site(acme)
    form = {"site_name": "Name", "config_version": "1", field: "\0"}
    assert acme.client.post(acme.url("sites/acme-family"), form).status_code == 400
