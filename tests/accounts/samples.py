"""People, organisations and what belongs to them, made in staff's scope for tests that need some."""

from uuid import uuid4

from accounts.models import Membership, Organization, Person, Role, WebhookEndpoint
from musenest.common import tenancy

PASSWORD = "correct horse battery staple"


def organization(name: str = "Acme") -> Organization:
    with tenancy.staff():
        return Organization.objects.create(
            name=name, slug=f"acme-{uuid4().hex[:12]}", email="bills@acme.test"
        )


def person(email: str = "", *, is_staff: bool = False, is_active: bool = True) -> Person:
    email = email or f"{uuid4().hex[:12]}@people.test"
    with tenancy.staff():
        return Person.objects.create_user(
            email, PASSWORD, is_staff=is_staff, is_active=is_active, verified_email=email.lower()
        )


def member(of: Organization, role: str = Role.MEMBER, who: Person | None = None) -> Membership:
    with tenancy.staff():
        return Membership.objects.create(organization=of, person=who or person(), role=role)


def endpoint(of: Organization, url: str = "https://acme.test/hook") -> WebhookEndpoint:
    """A row of the organisation that another one must not see."""
    with tenancy.staff():
        return WebhookEndpoint.objects.create(organization=of, url=url, secret="s3cret")
