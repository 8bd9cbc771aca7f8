"""What a site may say for itself in a smaller plan."""

from typing import Any

import pytest

from accounts.models import AuditEvent
from billing.services import subscriptions
from moderation.models import Site
from moderation.services import deployments, sites
from musenest.common.actors import SYSTEM
from musenest.common.errors import DeniedError, InvalidError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

WEIGHTS = {"moderation_rules": {"label_weights": {"BELLY_EXPOSED": 0.5}}}
WORDS = {"blip_config": {"child_keywords": ["gnome"]}}
SMALL = ("free", "basic")


@pytest.fixture(params=SMALL)
def small(request: pytest.FixtureRequest) -> Customer:
    samples.server()
    return samples.customer("Small", tier=request.param)


@pytest.fixture
def shrunk() -> Customer:
    """An organisation that had premium when it made its site."""
    samples.server()
    return samples.customer("Shrunk", tier="premium")


def save(of: Customer, site: Site, **fields: Any) -> Site:
    with of.scope():
        return sites.update(site=site, fields=fields, by=of.owner.actor)


def shrink(of: Customer) -> None:
    subscriptions.change_tier(organization=of.organization, tier_name="free", by=SYSTEM)


@pytest.mark.parametrize(
    ("documents", "feature", "path"),
    [
        (WEIGHTS, "advanced_thresholds", "moderation_rules.label_weights.BELLY_EXPOSED"),
        (WORDS, "custom_keywords", "blip_config.child_keywords"),
    ],
)
def test_a_smaller_plan_refuses_own_values_by_every_way(
    small: Customer, documents: dict[str, Any], feature: str, path: str
) -> None:
    fields = {"site_identifier": "second", "site_name": "Second", "industry_template": "marketplace"}
    with small.scope():
        with pytest.raises(DeniedError) as caught:
            sites.create(organization=small.organization, fields=fields | documents, by=small.owner.actor)
        site = sites.create(organization=small.organization, fields=fields, by=small.owner.actor)
        for change in (sites.update, sites.patch):
            with pytest.raises(DeniedError) as caught:
                change(site=site, fields=documents, by=small.owner.actor)
        assert AuditEvent.objects.filter(action="site.updated").count() == 0
        assert Site.objects.get().config_version == 1
    details = caught.value.details
    assert (caught.value.status, caught.value.code) == (403, "FEATURE_NOT_IN_PLAN")
    assert (details["feature"], details["upgrade_required"]) == (feature, "premium")
    assert [error["path"] for error in details["errors"]] == [path]


def test_a_smaller_plan_has_the_simple_settings(small: Customer) -> None:
    site = samples.site(small)
    simple = {"nudenet_config": {"detection_threshold": 0.4}, "blip_config": {"risk_multiplier": 3}}
    assert save(small, site, **simple).config_version == 2
    assert save(small, site, industry_template="dating_social").config_version == 3


def test_premium_has_them(shrunk: Customer) -> None:
    saved = save(shrunk, samples.site(shrunk), **WEIGHTS, **WORDS)
    assert saved.documents.items() >= (WEIGHTS | WORDS).items()


def test_what_is_saved_stays_when_the_plan_gets_smaller(shrunk: Customer) -> None:
    site = save(shrunk, samples.site(shrunk), **WEIGHTS, **WORDS)
    shrink(shrunk)
    saved = save(shrunk, site, site_name="Other", industry_template="dating_social", **WEIGHTS, **WORDS)
    assert saved.documents["blip_config"] == WORDS["blip_config"]
    with shrunk.scope():
        deployment = deployments.request(site=saved, by=shrunk.owner.actor)
    assert "gnome" in deployment.version.documents["blip_config"]["child_keywords"]
    with pytest.raises(DeniedError):
        save(shrunk, site, blip_config={"child_keywords": ["gnome", "imp"]})
    assert save(shrunk, site, moderation_rules={}, blip_config={}).documents["moderation_rules"] == {}
    with pytest.raises(DeniedError):
        save(shrunk, site, **WORDS)


def test_another_template_does_not_smuggle_thresholds(small: Customer) -> None:
    """Copying the template's own figures is no change, but they may not go on to another one."""
    site = samples.site(small, template="marketplace")
    with small.scope():
        copied = {"usage_intents": site.industry_template.latest.documents["usage_intents"]}
    saved = save(small, site, **copied)
    with pytest.raises(DeniedError):
        save(small, saved, industry_template="family_education")
    assert save(small, saved, industry_template="family_education", usage_intents={}).usage_intents == {}


def test_what_is_wrong_is_said_before_what_is_missing(small: Customer) -> None:
    with pytest.raises(InvalidError):
        save(small, samples.site(small), moderation_rules={"label_weights": {"ELBOW": 1}})
