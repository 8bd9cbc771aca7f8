"""Customers of the portal with rows in place, made through the services, and browsers that are signed in."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization, Person, Role
from accounts.services import organizations, people
from billing.services import subscriptions
from moderation.models import Decision, Deployment, DeploymentStatus, Server, ServerStatus, Site, SiteStatus
from moderation.services import deployments, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.sign_ins import signed_in

__all__ = ["signed_in"]

PASSWORD = "correct horse battery staple"
# What a new site needs.
SHOP = {"site_identifier": "shop.example", "site_name": "Shop", "industry_template": "marketplace"}


@dataclass
class Customer:
    organization: Organization
    owner: Person
    client: Client

    def url(self, path: str = "") -> str:
        return f"/o/{self.organization.slug}/{path}"

    def scope(self) -> Any:
        return tenancy.organization(self.organization.pk, person=self.owner.pk)


def customer(name: str = "Acme", tier: str = "enterprise") -> Customer:
    owner = people.create(email=f"{uuid4().hex[:10]}@people.test", password=PASSWORD, by=SYSTEM)
    organization = organizations.create(name=name, owner=owner, by=SYSTEM)
    subscriptions.change_tier(organization=organization, tier_name=tier, by=SYSTEM)
    return Customer(organization, owner, signed_in(owner))


def member(of: Customer, role: str = Role.MEMBER, *, child_safety: bool = False) -> Client:
    """A browser of somebody else in the organisation."""
    person = people.create(email=f"{uuid4().hex[:10]}@people.test", password=PASSWORD, by=SYSTEM)
    with tenancy.staff():
        Membership.objects.create(
            organization=of.organization,
            person=person,
            role=role,
            has_child_safety=child_safety,
            child_safety_granted_by="owner" if child_safety else "",
        )
    return signed_in(person)


def server(port: int = 5999, **fields: Any) -> Server:
    with tenancy.staff():
        return Server.objects.create(
            name=f"local {uuid4().hex[:6]}",
            protocol="http",
            ip_address="127.0.0.1",
            port=port,
            **{"status": ServerStatus.ONLINE, **fields},
        )


def site(of: Customer, identifier: str = "acme-family", template: str = "family_education") -> Site:
    """A site that was never deployed; it is on a server where one was made before."""
    with of.scope():
        return sites.create(
            organization=of.organization,
            fields={
                "site_identifier": identifier,
                "site_name": identifier.replace("-", " ").title(),
                "industry_template": template,
            },
            by=of.owner.actor,
        )


def sites_of(of: Customer) -> list[Site]:
    with of.scope():
        return list(Site.objects.filter(organization=of.organization))


def deployed(of: Customer, identifier: str = "acme-family", template: str = "family_education") -> Site:
    """A site whose configuration is in force, without a server having been asked."""
    made = site(of, identifier, template)
    with of.scope():
        end(deployments.request(site=made, by=of.owner.actor), DeploymentStatus.SUCCESSFUL)
        return Site.objects.get(pk=made.pk)


def end(deployment: Deployment, status: DeploymentStatus, reason: str = "") -> None:
    """As a worker would have left it."""
    is_successful = status == DeploymentStatus.SUCCESSFUL
    Deployment.objects.filter(pk=deployment.pk).update(
        state="done" if is_successful else "failed",
        deployment_status=status,
        deployed_at=timezone.now() if is_successful else None,
        error_message=reason,
    )
    found = Site.objects.filter(pk=deployment.site_config_id)
    if is_successful:
        found.update(
            deployed_version=deployment.version,
            deployed_server=deployment.server,
            deployed_revision=deployment.revision,
            deployment_status=SiteStatus.DEPLOYED,
            last_deployed_at=timezone.now(),
        )
    else:
        found.update(deployment_status=SiteStatus.FAILED)


def decision(of: Customer, about: Site, kind: str = "rejected", **fields: Any) -> Decision:
    """A decision about a picture of 400 by 300 pixels with one detection."""
    label = {
        "label": "BUTTOCKS_EXPOSED",
        "score": 83.5,
        "box": {"x": 10, "y": 20, "width": 100, "height": 80},
    }
    scored = {"label": "BUTTOCKS_EXPOSED", "score": 83.5, "weight": 1, "counts": True, "contribution": 83.5}
    values: dict[str, Any] = {
        "decision": kind,
        "reasons": [{"code": "RISK_REACHES_REJECTION", "message": f"Reason of {about}.", "details": {}}],
        "labels": [label],
        "scored": [scored],
        "final_risk_score": 83.5,
        "nudity_score": 83.5,
        "child_risk": 0.0,
        "threshold": 20.0,
        "risk_level": "high",
        "usage_intent": "public_site",
        "stages_done": ["detection"],
        "stages_missing": ["caption"],
        "image_hash": "a" * 64,
        "image_width": 400,
        "image_height": 300,
        "config_version": 1,
        "server_name": "local",
        "created_by": of.owner.email,
    }
    with of.scope():
        return Decision.objects.create(
            organization_id=of.organization.pk,
            site_id=about.pk,
            site_identifier=about.site_identifier,
            **(values | fields),
        )
