"""What a site's settings come to."""

import pytest

from moderation.domain.translation import translate
from moderation.models import Site
from moderation.selectors import configurations, plans
from musenest.common.errors import InvalidError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def test_the_digest_follows_what_is_sent_and_nothing_else(acme: Customer) -> None:
    site = samples.site(acme)
    with acme.scope():
        before = configurations.of_site(site).digest
        site.site_name, site.webhook_url = "Another", "https://hook.example/"
        assert configurations.of_site(site).digest == before
        site.blip_config = {"risk_multiplier": 4.5}
        assert configurations.of_site(site).digest != before


def test_what_is_translated_is_what_the_golden_rules_say(acme: Customer) -> None:
    site = samples.site(acme)
    site.nudenet_config = {"detection_threshold": 0.4}
    with acme.scope():
        found = configurations.of_site(site)
    assert found.profile.payload()["nudenet"]["public_gallery_threshold"] == 35
    assert found.profile.payload()["nudenet"]["private_share_threshold"] == 50
    assert found.profile.payload()["nudenet"] == translate(found.effective.documents).nudenet
    assert found.translator_version


def test_everything_that_is_wrong_is_told_at_once(acme: Customer) -> None:
    site = Site(industry_template=samples.site(acme).industry_template)
    site.nudenet_config = {"detection_threshold": 2, "colour": "red"}
    site.usage_intents = {"store": {"approval_threshold": 50, "rejection_threshold": 40}}
    with acme.scope(), pytest.raises(InvalidError) as caught:
        configurations.of_site(site)
    assert {error["path"] for error in caught.value.details["errors"]} == {
        "nudenet_config.detection_threshold",
        "nudenet_config.colour",
        "usage_intents.store.approval_threshold",
    }


def test_each_warning_is_told_once(acme: Customer) -> None:
    site = samples.site(acme)
    site.nudenet_config = {"detection_threshold": 0.01}
    with acme.scope():
        warnings = configurations.of_site(site).warnings
    assert warnings
    assert len(set(warnings)) == len(warnings)


def test_a_plan_compares_with_what_is_in_force(acme: Customer) -> None:
    site = samples.deployed(acme)
    with acme.scope():
        assert not plans.of_site(site).has_changes
        site.blip_config = {"risk_multiplier": 4.5}
        plan = plans.of_site(site)
    assert [(change.path, change.after) for change in plan.changes] == [("blip_config.risk_multiplier", 4.5)]
    assert plan.payload()["digest"] == plan.digest
