"""Settings that the plan lacks, on a site's page."""

import pytest

from billing.models import Subscription, SubscriptionStatus, Tier
from billing.services import subscriptions
from moderation.models import Site
from moderation.services import sites as saving
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.samples import Customer, customer, server, site

pytestmark = pytest.mark.django_db

PAGE = "sites/acme-family"
WEIGHT = "moderation_rules.label_weights.BELLY_EXPOSED"
OWN = {
    "moderation_rules": {"label_weights": {"BELLY_EXPOSED": 0.5}},
    "blip_config": {"child_keywords": ["gnome"]},
}


@pytest.fixture
def acme() -> Customer:
    """On free, with a site."""
    server()
    made = customer("Acme", tier="free")
    site(made, template="dating_social")  # which offers a further use
    return made


@pytest.fixture
def shrunk() -> Customer:
    """On free, with a site that has values of its own from when it was on premium."""
    server()
    made = customer("Shrunk", tier="premium")
    with made.scope():
        saving.update(site=site(made), fields=OWN, by=made.owner.actor)
    subscriptions.change_tier(organization=made.organization, tier_name="free", by=SYSTEM)
    return made


def fresh(of: Customer) -> Site:
    with of.scope():
        return Site.objects.get()


def browser_sends(of: Customer) -> dict[str, str]:
    """What a browser would send of the untouched page: nothing of fields that are switched off."""
    form = of.client.get(of.url(PAGE)).context["form"]
    return {
        "config_version": str(fresh(of).config_version),
        form.detection.name: str(form.detection.value),
    }


def test_what_the_plan_lacks_is_shown_and_leads_to_the_plan(acme: Customer) -> None:
    text = acme.client.get(acme.url(PAGE)).text
    assert text.count("Own ones come with Premium.") == 2
    assert f'<a href="{acme.url("plan")}">Own ones' in text
    assert "Give up our own" not in text
    slider = text.split(f'name="{WEIGHT}"')[1].split(">")[0]
    assert "disabled" in slider
    detection = text.split('name="nudenet_config.detection_threshold"')[1].split(">")[0]
    assert "disabled" not in detection
    assert "data-offer" not in text


def test_nothing_is_closed_where_the_plan_has_it() -> None:
    server()
    large = customer("Large", tier="premium")
    site(large, template="dating_social")
    text = large.client.get(large.url(PAGE)).text
    assert "Own ones come with" not in text
    assert "disabled" not in text.split(f'name="{WEIGHT}"')[1].split(">")[0]
    assert "data-offer" in text


def test_the_note_names_whatever_plan_sells_it_now(acme: Customer) -> None:
    with tenancy.staff():
        Tier.objects.filter(tier_name="premium").update(display_name="Plus", features=["custom_keywords"])
        Tier.objects.filter(tier_name__in=["enterprise", "custom"]).update(is_active=False)
    text = acme.client.get(acme.url(PAGE)).text
    assert "Own ones come with Plus." in text
    assert "Own ones are in no plan that is sold at present." in text


def test_saving_the_page_keeps_what_was_there(shrunk: Customer) -> None:
    form = browser_sends(shrunk) | {"nudenet_config.detection_threshold": "0.3"}
    assert shrunk.client.post(shrunk.url(PAGE), form).status_code == 302
    saved = fresh(shrunk)
    assert saved.nudenet_config == {"detection_threshold": 0.3}
    assert (saved.moderation_rules, saved.blip_config) == (OWN["moderation_rules"], OWN["blip_config"])
    assert "gnome" in shrunk.client.get(shrunk.url(PAGE)).text


@pytest.mark.parametrize(
    ("feature", "left"), [("advanced_thresholds", "blip_config"), ("custom_keywords", "moderation_rules")]
)
def test_own_values_can_be_given_up(shrunk: Customer, feature: str, left: str) -> None:
    assert f'value="{feature}"' in shrunk.client.get(shrunk.url(PAGE)).text
    form = browser_sends(shrunk) | {"back_to_template": feature}
    assert shrunk.client.post(shrunk.url(PAGE), form).status_code == 302
    own = {name: value for name, value in fresh(shrunk).documents.items() if value}
    assert own == {left: OWN[left]}
    assert f'value="{feature}"' not in shrunk.client.get(shrunk.url(PAGE)).text


def test_a_page_from_before_is_refused_and_keeps_what_was_typed(acme: Customer) -> None:
    form = browser_sends(acme) | {WEIGHT: "0.5", "blip_config.child_keywords": "gnome"}
    response = acme.client.post(acme.url(PAGE), form)
    assert response.status_code == 403
    assert "Nothing was saved" in response.text
    assert "This is not in your plan." in response.text
    assert "gnome" in response.text
    assert fresh(acme).config_version == 1


def test_the_preview_counts_what_stays(shrunk: Customer) -> None:
    form = browser_sends(shrunk)
    shown = shrunk.client.post(shrunk.url(f"{PAGE}/preview"), form).text
    assert "gnome" in shown
    assert (
        "gnome"
        not in shrunk.client.post(
            shrunk.url(f"{PAGE}/preview"), form | {"back_to_template": "custom_keywords"}
        ).text
    )


def test_of_a_paused_subscription_the_pause_is_told_not_another_plan(shrunk: Customer) -> None:
    with shrunk.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.PAUSED)
    assert "Own ones come with" not in shrunk.client.get(shrunk.url(PAGE)).text
    form = browser_sends(shrunk) | {WEIGHT: "0.7"}
    response = shrunk.client.post(shrunk.url(PAGE), form)
    assert response.status_code == 403
    assert "This is not in your plan." not in response.text
    assert "paused" in response.text
    assert fresh(shrunk).moderation_rules == OWN["moderation_rules"]
