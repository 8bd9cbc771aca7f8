"""Making organisations."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Membership, Organization, Person, Role
from accounts.services import audit
from accounts.signals import organization_created
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError

TRIES_FOR_A_SLUG = 50


def create(*, name: str, owner: Person, by: Actor, email: str = "", region: str = "eu") -> Organization:
    """Make the organisation, its owner's membership and (by signal) its free subscription, and record it.

    A suffix is added to the slug when it is taken.
    """
    with tenancy.staff(), transaction.atomic():
        organization = with_free_slug(Organization(name=name, email=email or owner.email, region=region))
        Membership.objects.create(organization=organization, person=owner, role=Role.OWNER)
        organization_created.send(sender=Organization, organization=organization, by=by)
        audit.record("organization.created", by=by, target=organization, organization=organization.pk)
    return organization


def with_free_slug(organization: Organization) -> Organization:
    """Save under the first free slug; the unique index decides, not a look beforehand."""
    wanted = slugify(organization.name)[:50] or "organization"
    for number in range(1, TRIES_FOR_A_SLUG):
        organization.slug = wanted if number == 1 else f"{wanted}-{number}"
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:
            continue
        return organization
    raise ConflictError("Too many organisations have this name. Choose another.", code="SLUG_TAKEN")
