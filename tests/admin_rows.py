"""Rows for the admin's tests: one of every model for each organisation, so that three make three."""

from dataclasses import dataclass
from typing import Any

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
    WebhookEndpoint,
)
from accounts.services import api_keys, audit, egress_allowances, memberships, organizations, people
from billing.models import UsageCounter
from billing.selectors.usage import MONTHLY_REQUESTS, this_month
from billing.services import tiers, usage
from moderation.models import (
    Attestation,
    CaptionRequest,
    Decision,
    DecisionEvent,
    Deployment,
    Server,
    ServerStatus,
    Site,
    Template,
    TemplateVersion,
)
from moderation.services import deployments, servers, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.idempotency import IdempotencyRecord
from musenest.common.work import Schedule
from tests.sign_ins import signed_in

__all__ = ["signed_in"]

PASSWORD = "correct-horse-battery"
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


def staff_person(email: str = "staff@musenest.example") -> Person:
    return people.create(email=email, password=PASSWORD, by=SYSTEM, is_staff=True)


def world(name: str) -> World:
    """Made in staff's scope, by services where there are such."""
    with tenancy.staff():
        owner = people.create(email=f"{name}@customer.example", password=PASSWORD, by=SYSTEM)
        organization = organizations.create(name=name, owner=owner, by=SYSTEM)
        people_and_programs(organization, owner)
        money(organization, name)
        platform(name)
        made = moderation(organization, name)
        audit.record("test.made", by=SYSTEM, target=organization, organization=organization.pk)
        audit.seal_new()
        audit.record("test.unsealed", by=SYSTEM, target=organization, organization=organization.pk)
    return made


def people_and_programs(organization: Organization, owner: Person) -> None:
    other = people.create(email=f"second-{owner.email}", password=PASSWORD, by=SYSTEM)
    memberships.add(organization=organization, person=other, role=Role.VIEWER, by=SYSTEM)
    api_keys.create(organization=organization, name="Program", scopes=["analyze"], by=SYSTEM)
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
    endpoint = WebhookEndpoint.objects.create(
        organization=organization,
        url="https://customer.example/hook",
        secret="whsec",
        events=["decision.made"],
    )
    WebhookDelivery.objects.create(
        organization=organization,
        endpoint=endpoint,
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
    tiers.save(name=f"tier-{name.lower()}", figures=figures, by=SYSTEM)
    usage.reserve(organization=organization, key=f"key-{name}")
    assert UsageCounter.objects.filter(
        organization=organization, meter=MONTHLY_REQUESTS, month=this_month()
    ).exists()


def platform(name: str) -> None:
    Schedule.objects.create(name=f"schedule.{name}", occurrence=1, claimed_at=timezone.now())
    IdempotencyRecord.objects.create(
        caller=name, key="key", fingerprint=SHA256, body={"caption": "not-for-staff"}
    )
    egress_allowances.allow(host=f"{name.lower()}.internal", port=5000, reason="A test's", by=SYSTEM)


def moderation(organization: Organization, name: str) -> World:
    fields = {"organization": organization, "name": name, "ip_address": "192.0.2.7", "api_key": SECRET}
    server = servers.create(fields=fields, by=SYSTEM)
    Server.objects.filter(pk=server.pk).update(status=ServerStatus.ONLINE)  # placement takes no unknown one
    template = template_of(name)
    site = sites.create(
        organization=organization,
        fields={
            "site_identifier": f"{name.lower()}-site",
            "site_name": name,
            "industry_template": template.name,
        },
        by=SYSTEM,
    )
    deployment = deployments.request(site=site, by=SYSTEM)
    Attestation.objects.create(
        organization=organization, wording_version=1, wording="On record.", stated_by="owner"
    )
    found = decision(site)
    event(found)
    caption_request(found, server)
    return World(organization, server, site, deployment, found)


def template_of(name: str) -> Template:
    """A template of its own, so that lists of sites meet as many templates as sites."""
    documents = Template.objects.get(name="family_education").latest.documents
    template = Template.objects.create(
        name=f"template-{name.lower()}", display_name=f"For {name}", description="A test's"
    )
    TemplateVersion.objects.create(template=template, number=1, documents=documents, created_by="test")
    return template


def decision(site: Site, **fields: Any) -> Decision:
    """A rejected one, with what staff are not to see."""
    usual = {
        "decision": "rejected",
        "final_risk_score": 83.5,
        "nudity_score": 83.5,
        "risk_level": "high",
        "caption": "caption-not-for-staff",
        "labels": [{"label": "BUTTOCKS_EXPOSED", "score": 83.5, "box": None}],
        "reasons": [{"code": "RISK", "message": "The risk is over the threshold.", "details": {}}],
        "server_answer": {"description": "answer-not-for-staff"},
        "image_hash": SHA256,
        "created_by": "program",
    }
    return Decision.objects.create(
        organization_id=site.organization_id,
        site_id=site.pk,
        site_identifier=site.site_identifier,
        **(usual | fields),
    )


def event(of: Decision, **fields: Any) -> DecisionEvent:
    """Something that came later, with what staff are not to see."""
    usual = {
        "kind": "noted",
        "caption": "event-not-for-staff",
        "data": {"caption": "not-for-staff"},
        "created_by": "x",
    }
    return DecisionEvent.objects.create(
        organization_id=of.organization_id, decision_id=of.pk, **(usual | fields)
    )


def caption_request(decision: Decision, server: Server) -> CaptionRequest:
    return CaptionRequest.objects.create(
        organization_id=decision.organization_id,
        decision_id=decision.pk,
        decision_created_at=decision.created_at,
        server=server,
        batch_id=f"batch-{decision.pk}",
    )
