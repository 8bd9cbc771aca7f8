"""Sites that are not made: wrong bodies, unknown names, and limits of the tier."""

from typing import Any
from uuid import uuid4

import pytest

from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

THRESHOLD = "nudenet_config.detection_threshold"
INVALID = "CONFIGURATION_INVALID"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"nudenet_config": {"detection_treshold": 0.3}}, INVALID, "nudenet_config.detection_treshold"),
        ({"nudenet_config": {"detection_threshold": "0.3"}}, INVALID, THRESHOLD),
        ({"nudenet_config": {"detection_threshold": 1.5}}, INVALID, THRESHOLD),
        ({"nudenet_config": {"detection_threshold": True}}, INVALID, THRESHOLD),
        ({"nudenet_config": []}, INVALID, "nudenet_config"),
        ({"blip_config": None}, "VALIDATION_ERROR", "blip_config"),
        (
            {"usage_intents": {"store": {"approval_threshold": 80, "rejection_threshold": 20}}},
            INVALID,
            "usage_intents.store.approval_threshold",
        ),
        (
            {"moderation_rules": {"label_weights": {"ELBOW": 1}}},
            INVALID,
            "moderation_rules.label_weights.ELBOW",
        ),
        ({"site_identifier": "no spaces"}, "VALIDATION_ERROR", "site_identifier"),
        ({"site_identifier": ""}, "VALIDATION_ERROR", "site_identifier"),
        ({"webhook_url": "javascript:alert(1)"}, "VALIDATION_ERROR", "webhook_url"),
        ({"retention_months": 0}, "VALIDATION_ERROR", "retention_months"),
        ({"retention_months": 37}, "VALIDATION_ERROR", "retention_months"),
        ({"retention_months": None}, "VALIDATION_ERROR", "retention_months"),
        ({"retention_months": "a year"}, "VALIDATION_ERROR", "retention_months"),
        ({"config_version": 3}, "UNKNOWN_FIELD", "config_version"),
        ({"organization": "other", "deployment_status": "deployed"}, "UNKNOWN_FIELD", "deployment_status"),
        ({"server": "nonsense"}, "VALIDATION_ERROR", "server"),
    ],
)
def test_a_wrong_body_is_told_with_its_path(
    acme: Customer, fields: dict[str, Any], code: str, field: str
) -> None:
    found = api.error(api.owner(acme).post(api.SITES, samples.SHOP | fields), 422)
    assert (found["code"], found["details"]["field"]) == (code, field)
    assert found["details"]["errors"][0]["path"] == field
    assert not samples.sites_of(acme)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '{"site_name": NaN}', '{"site_name": "\\u0000"}', "\xff", '{"a":' * 100_000],
)
def test_what_is_no_json_object_is_malformed(acme: Customer, body: str) -> None:
    response = api.owner(acme).post(api.SITES, body.encode("latin-1"), content_type="application/json")
    assert response.status_code in {400, 422}
    assert api.code(response, response.status_code) in {"MALFORMED", "VALIDATION_ERROR"}


def test_another_media_type_is_refused(acme: Customer) -> None:
    response = api.owner(acme).post(api.SITES, "<site/>", content_type="text/xml")
    assert api.code(response, 415) == "MEDIA_TYPE_UNSUPPORTED"


def test_unknown_templates_and_servers_and_a_taken_identifier(acme: Customer, stranger: Customer) -> None:
    theirs = samples.server(organization=stranger.organization)
    client = api.owner(acme)
    assert (
        api.code(client.post(api.SITES, samples.SHOP | {"industry_template": "no"}), 404)
        == "TEMPLATE_UNKNOWN"
    )
    for server in (theirs.pk, uuid4()):
        assert (
            api.code(client.post(api.SITES, samples.SHOP | {"server": str(server)}), 404) == "SERVER_UNKNOWN"
        )
    api.data(client.post(api.SITES, samples.SHOP), 201)
    assert api.code(client.post(api.SITES, samples.SHOP), 409) == "SITE_IDENTIFIER_TAKEN"


def test_the_tier_limits_the_sites(acme: Customer) -> None:
    small = samples.customer("Small", tier="free")
    client = api.owner(small)
    first = api.data(client.post(api.SITES, samples.SHOP), 201)
    denied = api.error(client.post(api.SITES, samples.SHOP | {"site_identifier": "second"}), 403)
    assert (denied["code"], denied["message"]) == ("SITE_LIMIT", "Maximum sites exceeded (1)")
    assert denied["details"] == {
        "allowed": False,
        "reason": "Maximum sites exceeded (1)",
        "upgrade_required": "basic",
        "upgrade_url": "/billing",
    }
    assert client.delete(f"{api.SITES}/{first['id']}").status_code == 204
    api.data(client.post(api.SITES, samples.SHOP | {"site_identifier": "second"}), 201)
