from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from accounts.models import Organization, Person
from accounts.services import organizations
from billing.services import subscriptions
from musenest.common import tenancy
from tests.samples.browsers import signed_in
from tests.samples.people import MAKER, person


@dataclass
class Customer:
    """An organisation with a tier, its owner, and the owner's browser."""

    organization: Organization
    owner: Person
    client: Client

    def url(self, path: str = "") -> str:
        return f"/o/{self.organization.slug}/{path}"

    def scope(self) -> Any:
        return tenancy.organization(self.organization.pk, person=self.owner.pk)


def customer(name: str = "Acme", tier: str = "enterprise") -> Customer:
    owner = person()
    organization = organizations.create(name=name, owner=owner, by=MAKER)
    subscriptions.change_tier(organization=organization, tier_name=tier, by=MAKER)
    return Customer(organization, owner, signed_in(owner))


def organization(name: str = "Acme") -> Organization:
    """One that is nobody's yet, and has no subscription: no service makes such."""
    with tenancy.staff():
        return Organization.objects.create(
            name=name, slug=f"acme-{uuid4().hex[:12]}", email="bills@acme.test"
        )
