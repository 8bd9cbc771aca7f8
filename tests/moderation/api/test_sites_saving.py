"""Changing a site: what PUT replaces, what PATCH leaves, and two people who save at once."""

from typing import Any

import pytest

from accounts.models import AuditEvent
from moderation.models import Site, Template
from moderation.services import templates
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]

ONE = f"{api.SITES}/acme-family"
NAMES = {"site_identifier": "acme-family", "site_name": "Family", "industry_template": "family_education"}


@pytest.fixture
def client(acme: Customer) -> Any:
    return api.owner(acme)


def test_put_replaces_the_documents(client: Any) -> None:
    before = api.data(client.get(ONE))
    api.data(client.put(ONE, NAMES | {"nudenet_config": {"detection_threshold": 0.5}, "is_active": False}))
    after = api.data(client.put(ONE, NAMES | {"blip_config": {"risk_multiplier": 3}}))
    assert (after["nudenet_config"], after["blip_config"]) == ({}, {"risk_multiplier": 3})
    assert after["is_active"] is True
    assert after["server"] == before["server"]


@pytest.mark.parametrize("months", [1, 36])
def test_how_long_decisions_are_kept_changes_only_where_it_is_named(client: Any, months: int) -> None:
    assert api.data(client.get(ONE))["retention_months"] == 13
    assert api.data(client.patch(ONE, {"retentionMonths": months}))["retention_months"] == months
    found = api.data(client.put(ONE, NAMES))
    assert found["retention_months"] == months, "silence would have removed decisions for good"
    assert found["deployment_status"] == "deployed"
    assert api.data(client.put(ONE, NAMES | {"retention_months": 13}))["retention_months"] == 13


def test_put_needs_the_names(client: Any) -> None:
    errors = api.error(client.put(ONE, {"site_name": "Family"}), 422)["details"]["errors"]
    assert {error["path"] for error in errors} == {"site_identifier", "industry_template"}


def test_patch_changes_what_is_named_and_nothing_else(client: Any) -> None:
    api.data(
        client.patch(ONE, {"nudenet_config": {"detection_threshold": 0.5, "body_parts": ["FACE_FEMALE"]}})
    )
    api.data(client.patch(ONE, {"nudenetConfig": {"detection_threshold": 0.6}}))
    found = api.data(client.patch(ONE, {"site_name": "New"}))
    assert found["nudenet_config"] == {"detection_threshold": 0.6, "body_parts": ["FACE_FEMALE"]}
    assert found["site_name"] == "New"
    found = api.data(client.patch(ONE, {"nudenet_config": {"body_parts": None}}))
    assert found["nudenet_config"] == {"detection_threshold": 0.6}
    assert found["effective_config"]["sources"]["nudenet_config.body_parts"] == "template"


def test_patch_of_a_wrong_type_is_refused_with_its_path(client: Any) -> None:
    found = api.error(client.patch(ONE, {"usage_intents": {"public_site": 5}}), 422)
    assert (found["code"], found["details"]["field"]) == (
        "CONFIGURATION_INVALID",
        "usage_intents.public_site",
    )


def test_a_save_counts_and_makes_the_site_outdated(acme: Customer, client: Any) -> None:
    saved = client.patch(ONE, {"nudenet_config": {"detection_threshold": 0.5}})
    found = api.data(saved)
    assert (found["config_version"], found["deployment_status"], saved["ETag"]) == (2, "outdated", '"2"')
    with acme.scope():
        event = AuditEvent.objects.get(action="site.updated")
        assert event.changes["nudenet_config.detection_threshold"][1] == 0.5
    back = api.data(client.patch(ONE, {"nudenet_config": {"detection_threshold": None}}))
    assert (back["config_version"], back["deployment_status"]) == (3, "deployed")


def test_a_save_that_changes_nothing_does_not_count(acme: Customer, client: Any) -> None:
    assert api.data(client.patch(ONE, {}))["config_version"] == 1
    assert api.data(client.patch(ONE, {"nudenet_config": {}}))["config_version"] == 1
    with acme.scope():
        assert not AuditEvent.objects.filter(action="site.updated").exists()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"If-Match": '"1"'}, {}),
        ({"If-Match": 'W/"1"'}, {}),
        ({}, {"config_version": 1}),
        ({}, {"configVersion": 1}),
        ({"If-Match": '"1"'}, {"config_version": 2}),
    ],
)
def test_the_second_of_two_who_save_sees_what_the_first_changed(
    acme: Customer, client: Any, headers: dict[str, str], body: dict[str, Any]
) -> None:
    first = api.member(acme)
    api.data(first.patch(ONE, {"blip_config": {"risk_multiplier": 2.5}}))
    mine = {"blip_config": {"risk_multiplier": 4}}
    for answer in (
        client.patch(ONE, mine | body, headers=headers),
        client.put(ONE, NAMES | mine | body, headers=headers),
    ):
        found = api.error(answer, 409)
        details = found["details"]
        assert (found["code"], details["config_version"]) == ("CONFIG_VERSION_STALE", 2)
        assert details["current"]["blip_config"] == {"risk_multiplier": 2.5}
        assert {"path": "blip_config.risk_multiplier", "theirs": 2.5, "yours": 4} in details["changes"]
        assert details["saved_by"].endswith("@people.test")
    with acme.scope():
        assert Site.objects.get().blip_config == {"risk_multiplier": 2.5}


@pytest.mark.parametrize(
    ("headers", "body"),
    [({"If-Match": '"1"'}, {}), ({"If-Match": "*"}, {}), ({}, {"config_version": 1}), ({}, {})],
)
def test_what_was_seen_can_be_saved(client: Any, headers: dict[str, str], body: dict[str, Any]) -> None:
    assert api.data(client.patch(ONE, {"site_name": "New"} | body, headers=headers))["config_version"] == 2


def test_an_etag_of_others_is_refused(client: Any) -> None:
    assert api.code(client.patch(ONE, {}, headers={"If-Match": '"abc"'}), 422) == "IF_MATCH_INVALID"


def test_an_identifier_in_use_is_refused(acme: Customer, client: Any) -> None:
    samples.site(acme, "second")
    assert api.code(client.patch(ONE, {"site_identifier": "second"}), 409) == "SITE_IDENTIFIER_TAKEN"


def test_a_change_that_would_not_be_complete_is_refused(acme: Customer, client: Any) -> None:
    found = api.error(client.patch(ONE, {"usage_intents": {"paysite": {"approval_threshold": 5}}}), 422)
    assert found["details"]["field"] == "usage_intents.paysite.rejection_threshold"


def test_a_template_that_was_switched_off_may_stay(acme: Customer, client: Any) -> None:
    with tenancy.staff():
        Template.objects.filter(name="family_education").update(is_active=False)
    assert api.data(client.put(ONE, NAMES | {"site_name": "Still"}))["site_name"] == "Still"
    assert (
        api.data(client.patch(ONE, {"industry_template": "marketplace"}))["industry_template"]
        == "marketplace"
    )
    assert api.code(client.patch(ONE, {"industry_template": "family_education"}), 404) == "TEMPLATE_UNKNOWN"


def test_a_new_version_of_the_template_makes_the_site_outdated(acme: Customer, client: Any) -> None:
    with tenancy.staff():
        template = Template.objects.get(name="family_education")
        documents = template.latest.documents | {"blip_config": {"risk_multiplier": 5}}
    templates.save_version(template=template, documents=documents, rationale={}, by=SYSTEM)
    found = api.data(client.get(ONE))
    assert (found["deployment_status"], found["deployed_version"]) == ("outdated", 1)
    assert found["effective_config"]["documents"]["blip_config"]["risk_multiplier"] == 5
