"""One of every model for an organisation, so that three make three."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import (
    Invitation,
    Notification,
    Organization,
    Person,
    Profile,
    RefreshFamily,
    Role,
    SignIn,
    WebhookDelivery,
)
from accounts.services import api_keys, audit, egress_allowances, organizations
from billing.models import UsageCounter
from billing.selectors.usage import MONTHLY_REQUESTS, this_month
from billing.services import tiers, usage
from moderation.models import Attestation, Decision, Deployment, Server, Site, SiteRemoval
from moderation.services import deployments, sites
from musenest.common import tenancy
from musenest.common.idempotency import IdempotencyRecord
from musenest.common.work import Schedule
from tests.samples.decisions import caption_request, hidden_decision, hidden_event
from tests.samples.memberships import membership
from tests.samples.people import MAKER, person
from tests.samples.servers import server
from tests.samples.templates import template
from tests.samples.webhooks import endpoint

SECRET = "server-key-that-nobody-sees"
SHA256 = "ab" * 32


@dataclass(frozen=True)
class World:
    """One organisation with everything that it can have."""

    organization: Organization
    server: Server
    site: Site
    deployment: Deployment
    decision: Decision


def world(name: str) -> World:
    """Made in staff's scope, by services where there are such."""
    with tenancy.staff():
        owner = person(f"{name}@customer.example")
        organization = organizations.create(name=name, owner=owner, by=MAKER)
        people_and_programs(organization, owner)
        money(organization, name)
        platform(name)
        made = moderation(organization, name)
        audit.record("test.made", by=MAKER, target=organization, organization=organization.pk)
        audit.seal_new()
        audit.record("test.unsealed", by=MAKER, target=organization, organization=organization.pk)
    return made


def people_and_programs(organization: Organization, owner: Person) -> None:
    membership(organization, Role.VIEWER, person(f"second-{owner.email}"))
    api_keys.create(organization=organization, name="Program", scopes=["analyze"], by=MAKER)
    RefreshFamily.objects.create(person=owner, digest=SHA256, expires_at=timezone.now())
    Notification.objects.create(
        organization=organization, person=owner, template="welcome", secrets="link-not-for-staff"
    )
    Profile.objects.create(person=owner, v0_api_key="key-not-for-staff")
    Invitation.objects.create(
        organization=organization,
        email=f"third-{owner.email}",
        role=Role.VIEWER,
        digest=f"digest-not-for-staff of {organization.name}"[:64],
        expires_at=timezone.now(),
    )
    SignIn.objects.create(person=owner, account=SHA256, method="password", subject="192.0.2.1")
    WebhookDelivery.objects.create(
        organization=organization,
        endpoint=endpoint(organization),
        event="decision.made",
        payload={"caption": "not-for-staff"},
    )


def money(organization: Organization, name: str) -> None:
    figures = {
        "display_name": f"Tier {name}",
        "rank": 90,
        "features": ["api_keys"],
        "ai_limits": {"monthly_credits": 0},
    }
    tiers.save(name=f"tier-{name.lower()}", figures=figures, by=MAKER)
    usage.reserve(organization=organization, key=f"key-{name}")
    assert UsageCounter.objects.filter(
        organization=organization, meter=MONTHLY_REQUESTS, month=this_month()
    ).exists()


def platform(name: str) -> None:
    Schedule.objects.create(name=f"schedule.{name}", occurrence=1, claimed_at=timezone.now())
    IdempotencyRecord.objects.create(
        caller=name, key="key", fingerprint=SHA256, body={"caption": "not-for-staff"}
    )
    egress_allowances.allow(host=f"{name.lower()}.internal", port=5000, reason="A test's", by=MAKER)


def moderation(organization: Organization, name: str) -> World:
    own = server(organization=organization, name=name, ip_address="192.0.2.7", api_key=SECRET)
    site = sites.create(
        organization=organization,
        fields={
            "site_identifier": f"{name.lower()}-site",
            "site_name": name,
            "industry_template": template(name).name,
        },
        by=MAKER,
    )
    deployment = deployments.request(site=site, by=MAKER)
    Attestation.objects.create(
        organization=organization, wording_version=1, wording="On record.", stated_by="owner"
    )
    found = hidden_decision(site)
    hidden_event(found)
    caption_request(found, own)
    SiteRemoval.objects.create(organization=organization, site=site)
    return World(organization, own, site, deployment, found)
