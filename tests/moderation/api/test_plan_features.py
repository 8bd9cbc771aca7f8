"""Settings that the plan lacks, over HTTP."""

import pytest

from tests import samples
from tests.samples import api

pytestmark = pytest.mark.django_db

ONE = f"{api.SITES}/acme-family"
WORDS = {"blip_config": {"child_keywords": ["gnome"]}}


def test_settings_that_the_plan_lacks_are_refused_with_the_plan_that_has_them() -> None:
    samples.server()
    acme, stranger = samples.customer(tier="basic"), samples.customer("Borealis", tier="basic")
    samples.site(acme)
    client = api.owner(acme)
    found = api.error(client.patch(ONE, WORDS), 403)
    assert found["code"] == "FEATURE_NOT_IN_PLAN"
    details = found["details"]
    assert [details[key] for key in ("allowed", "feature", "upgrade_required", "upgrade_url")] == [
        False,
        "custom_keywords",
        "premium",
        "/billing",
    ]
    assert [(each["path"], each["code"]) for each in details["errors"]] == [
        ("blip_config.child_keywords", "FEATURE_NOT_IN_PLAN")
    ]
    assert api.data(client.get(ONE))["blip_config"] == {}
    assert api.code(api.owner(stranger).patch(ONE, WORDS), 404) == "SITE_UNKNOWN"
    api.data(client.patch(ONE, {"blip_config": {"child_keywords": []}}))
