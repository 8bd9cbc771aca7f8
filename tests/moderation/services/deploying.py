"""Deployments as a person asks for them and a worker runs them."""

from moderation.models import Deployment, Site
from moderation.services import deployments, sites
from musenest.common import work
from tests.samples import Customer


def site_of(acme: Customer) -> Site:
    return Site.objects.select_related("deployed_version", "industry_template").get()


def request(acme: Customer, multiplier: float | None = None) -> Deployment:
    """Ask for a deployment, after a save where a multiplier is given."""
    site = site_of(acme)
    if multiplier is not None:
        documents = {"blip_config": {"risk_multiplier": multiplier}}
        site = sites.update(site=site, fields=documents, by=acme.owner.actor)
    return deployments.request(site=site, by=acme.owner.actor)


def run(deployment: Deployment) -> Deployment:
    """One try, now."""
    Deployment.objects.filter(pk=deployment.pk).update(due_at="2020-01-01T00:00Z")
    work.run("deployment", str(deployment.pk))
    return Deployment.objects.get(pk=deployment.pk)


def statuses() -> list[str]:
    return list(Deployment.objects.order_by("revision").values_list("deployment_status", flat=True))
