"""A plan names every keyword that comes and goes, however long the list is."""

import re

import pytest

from moderation.models import DeploymentStatus, Site
from moderation.services import deployments, sites
from tests.samples import Customer, deployed, end, site

pytestmark = pytest.mark.django_db

PAGE = "sites/acme-family"
MANY = [f"word{number}" for number in range(30)]


def save(of: Customer, keywords: list[str]) -> Site:
    with of.scope():
        fields = {"blip_config": {"child_keywords": keywords}}
        return sites.update(site=Site.objects.get(), fields=fields, by=of.owner.actor)


def named(tag: str, page: str) -> list[str]:
    plan = page.split('<table class="diff">')[1].split("</table>", maxsplit=1)[0]
    return re.findall(rf"<{tag}>.*?</span> (\S+)</{tag}>", plan)


def test_the_plan_names_added_and_removed_keywords(acme: Customer) -> None:
    site(acme)
    saved = save(acme, MANY)
    first = acme.client.get(acme.url(PAGE)).text
    assert named("ins", first)[-30:] == MANY
    assert named("del", first) == []
    with acme.scope():
        end(deployments.request(site=saved, by=acme.owner.actor), DeploymentStatus.SUCCESSFUL)
    save(acme, [*MANY[1:], "gnome"])
    later = acme.client.get(acme.url(PAGE)).text
    assert (named("del", later), named("ins", later)) == (["word0"], ["gnome"])


def test_the_conflict_names_them_too(acme: Customer) -> None:
    made = deployed(acme)
    save(acme, MANY)
    form = {"config_version": str(made.config_version), "blip_config.child_keywords": "gnome"}
    response = acme.client.post(acme.url(PAGE), form)
    assert response.status_code == 409
    assert named("ins", response.text) == ["gnome"]
    assert named("del", response.text) == MANY
