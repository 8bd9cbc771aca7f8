"""What the migration wrote for the sites that were deployed before it: the newest revision that succeeded."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from moderation.models import DeploymentStatus, Site
from moderation.services import deployments
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def deploy(of: Customer, site: Site, *statuses: DeploymentStatus) -> None:
    with of.scope():
        for status in statuses:
            samples.end(deployments.request(site=site, by=of.owner.actor), status)


def fill() -> None:
    """The step of the migration, on sites as it met them: none had a revision."""
    with tenancy.staff():
        Site.objects.update(deployed_revision=None)
    with connection.schema_editor() as editor:
        import_module("moderation.migrations.0003_site_deployed_revision").fill(apps, editor)


def revisions() -> dict[str, int | None]:
    with tenancy.staff():
        return dict(Site.objects.values_list("site_identifier", "deployed_revision"))


def test_a_site_has_the_revision_of_its_newest_success(acme: Customer, borealis: Customer) -> None:
    thrice, once = samples.site(acme, "thrice"), samples.site(borealis, "once")
    success, failure = DeploymentStatus.SUCCESSFUL, DeploymentStatus.FAILED
    deploy(acme, thrice, success, success, failure)
    deploy(borealis, once, failure, failure, success)

    fill()

    assert revisions() == {"thrice": 2, "once": 3}


def test_a_site_that_nothing_deployed_is_left_alone(acme: Customer) -> None:
    samples.site(acme, "fresh")
    deploy(acme, samples.site(acme, "failed"), DeploymentStatus.FAILED)
    taken_back = samples.deployed(acme, "taken-back")
    with acme.scope():
        Site.objects.filter(pk=taken_back.pk).update(deployed_version=None)
    samples.deployed(acme, "deployed")

    fill()

    assert revisions() == {"fresh": None, "failed": None, "taken-back": None, "deployed": 1}
