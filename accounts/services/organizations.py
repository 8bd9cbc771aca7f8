"""Making organisations, changing them, handing them on."""

import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Membership, Organization, Person, Role
from accounts.services import audit, email_addresses, memberships
from accounts.signals import organization_created
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, DeniedError

NUMBERS_FOR_A_SLUG = 10
TRIES_BY_CHANCE = 5
OWNED_BY_ONE = 20  # a person; each organisation comes with a free plan
CHANGEABLE = ("name", "email", "region", "jurisdiction", "contact")


def create(*, name: str, owner: Person, by: Actor, email: str = "", region: str = "eu") -> Organization:
    """Make the organisation, its owner's membership and (by signal) its free subscription, and record it.

    A suffix is added to the slug when it is taken. Raises ConflictError for a person who owns twenty and is
    no staff.
    """
    with tenancy.staff(), transaction.atomic():
        if by.kind == "person" and not by.is_staff:
            refuse_many(owner)
        organization = with_free_slug(Organization(name=name, email=email or owner.email, region=region))
        Membership.objects.create(organization=organization, person=owner, role=Role.OWNER)
        organization_created.send(sender=Organization, organization=organization, by=by)
        audit.record("organization.created", by=by, target=organization, organization=organization.pk)
    return organization


def with_free_slug(organization: Organization) -> Organization:
    """Save under the first free slug; the unique index decides, not a look beforehand."""
    wanted = slugify(organization.name)[:50] or "organization"
    numbers = (f"-{number}" for number in range(2, NUMBERS_FOR_A_SLUG))
    # Half the world registers as info@: after a few numbers, chance finds a free one at once.
    chances = (f"-{secrets.token_hex(3)}" for _ in range(TRIES_BY_CHANCE))
    for suffix in ("", *numbers, *chances):
        organization.slug = wanted + suffix
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:
            continue
        return organization
    raise ConflictError("Too many organisations have this name. Choose another.", code="SLUG_TAKEN")


def refuse_many(owner: Person) -> None:
    """Raise ConflictError where the person owns as many as one may. Two at once take turns."""
    Person.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if Membership.objects.filter(person=owner, role=Role.OWNER).count() >= OWNED_BY_ONE:
        raise ConflictError(
            "One person owns %(most)s organisations at most.",
            code="ORGANIZATIONS_LIMIT",
            figures={"most": OWNED_BY_ONE},
        )


def update(*, organization: Organization, fields: Mapping[str, str], by: Actor) -> Organization:
    """Change its name, e-mail, region, jurisdiction or privacy contact, and record what was and what is.

    The slug stays: addresses and programs hold it.
    """
    with transaction.atomic():
        fresh = memberships.lock(organization)
        before = {name: getattr(fresh, name) for name in CHANGEABLE if name in fields}
        changes = {name: [was, fields[name]] for name, was in before.items() if was != fields[name]}
        if not changes:
            return fresh
        for name in changes:
            setattr(fresh, name, fields[name])
        fresh.save(update_fields=[*changes, "updated_at"])
        audit.record("organization.updated", by=by, target=fresh, organization=fresh.pk, changes=changes)
    return fresh


def transfer(*, organization: Organization, to: Membership, by: Actor) -> Membership:
    """Make a member owner; who was owner and handed it on becomes an admin. Recorded.

    Raises DeniedError unless an owner (or staff) asks, ConflictError when the member is owner already,
    DeniedError `ADDRESS_NOT_VERIFIED`.
    """
    email_addresses.refuse_unverified(by)
    with transaction.atomic():
        heir = memberships.locked(to)
        giver = ownership_of(by, organization)
        if giver is None and not by.is_staff:
            raise DeniedError("Only an owner hands an organisation on.", code="TRANSFER_IS_AN_OWNERS")
        if heir.role == Role.OWNER:
            raise ConflictError("This person is an owner already.", code="OWNER_ALREADY")
        before, heir.role = heir.role, Role.OWNER
        heir.save(update_fields=["role"])
        if giver is not None:
            giver.role = Role.ADMIN
            giver.save(update_fields=["role"])
        audit.record(
            "organization.transferred",
            by=by,
            target=heir.organization,
            organization=organization.pk,
            changes={"owner": [by.label if giver else None, heir.person.email], "role": [before, Role.OWNER]},
        )
    return heir


def ownership_of(by: Actor, organization: Organization) -> Membership | None:
    if by.kind != "person":
        return None
    return Membership.objects.filter(organization=organization, person_id=by.id, role=Role.OWNER).first()
