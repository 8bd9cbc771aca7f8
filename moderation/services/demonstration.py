"""The demonstration: two customers who cannot see each other, with sites that work (the issue of the spine
names them).
"""

import secrets
from dataclasses import dataclass

from accounts.models import Membership, Organization, Person
from accounts.rules import SCOPES
from accounts.services import api_keys, organizations, people
from billing.services import subscriptions
from moderation.models import Server, Site
from moderation.services import deployments, servers, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM


@dataclass(frozen=True)
class Customer:
    """One organisation of the demonstration: its tier and its sites as (identifier, name, template)."""

    organization: str
    email: str
    tier: str
    sites: tuple[tuple[str, str, str], ...]


ACME = Customer(
    "Acme",
    "customer@acme.example",
    "enterprise",
    (
        ("acme-family", "Acme family", "family_education"),
        ("acme-market", "Acme market", "marketplace"),
        ("acme-art", "Acme art", "art_photography"),
    ),
)
BOREALIS = Customer(
    "Borealis",
    "customer@borealis.example",
    "premium",
    (("borealis-dating", "Borealis dating", "dating_social"),),
)
STAFF_EMAIL = "staff@musenest.example"

SignIn = dict[str, str]


def load(*, moderation_host: str, moderation_port: int, moderation_key: str) -> dict[str, SignIn]:
    """Make the staff person, both customers and the server, and ask for every site's deployment.

    Returns the sign-ins. Passwords and keys are generated here and stored nowhere else in clear.
    """
    staff = sign_in(STAFF_EMAIL, is_staff=True)
    register_server(moderation_host, moderation_port, moderation_key)
    return {"staff": staff, "customer": make(ACME), "other": make(BOREALIS)}


def is_loaded() -> bool:
    with tenancy.staff():
        return Person.objects.filter(email=STAFF_EMAIL).exists()


def sign_in(email: str, *, is_staff: bool = False) -> SignIn:
    """The person's sign-in, with a new password; the person is made where there is none."""
    password = secrets.token_urlsafe(12)
    with tenancy.staff():
        person = Person.objects.filter(email=email).first()
        if person is None:
            people.create(email=email, password=password, by=SYSTEM, is_staff=is_staff)
        else:
            person.set_password(password)
            person.save(update_fields=["password"])
    return {"email": email, "password": password}


def register_server(host: str, port: int, key: str) -> Server:
    """The moderation server of this machine, shared by all organisations, and checked."""
    fields = {"name": "local", "protocol": "http", "ip_address": host, "port": port, "api_key": key}
    with tenancy.staff():
        found = Server.objects.filter(organization=None, name="local").first()
        server = (
            servers.update(server=found, fields=fields, by=SYSTEM)
            if found
            else servers.create(fields=fields, by=SYSTEM)
        )
        return servers.check(server=server, by=SYSTEM)


def make(customer: Customer) -> SignIn:
    found = sign_in(customer.email)
    with tenancy.staff():
        person = Person.objects.get(email=customer.email)
        membership = Membership.objects.filter(person=person).select_related("organization").first()
    organization = membership.organization if membership else None
    if organization is None:
        organization = organizations.create(name=customer.organization, owner=person, by=SYSTEM)
        subscriptions.change_tier(organization=organization, tier_name=customer.tier, by=SYSTEM)
    with tenancy.organization(organization.pk, person=person.pk):
        make_sites(customer, organization, person)
        _, key = api_keys.create(
            organization=organization, name="Demonstration", scopes=sorted(SCOPES), by=person.actor
        )
    return found | {"api_key": key}


def make_sites(customer: Customer, organization: Organization, person: Person) -> None:
    existing = set(Site.objects.filter(organization=organization).values_list("site_identifier", flat=True))
    for identifier, name, template in customer.sites:
        if identifier in existing:
            continue
        fields = {"site_identifier": identifier, "site_name": name, "industry_template": template}
        site = sites.create(organization=organization, fields=fields, by=person.actor)
        deployments.request(site=site, by=person.actor)
