"""Who a credential speaks for. Runs as staff: it finds the scope, so it cannot have one yet."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts import rules
from accounts.domain import api_keys as key_format
from accounts.models import ApiKey, Membership, Organization, Person
from musenest.common import impersonation, tenancy
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError, NotSignedInError
from musenest.common.postgres.reads import Entry

MINUTE = timedelta(minutes=1)
KEY = Entry("SELECT {columns} FROM musenest_caller_of_key(%(digest)s)", key=ApiKey, organization=Organization)


def of_person(person: Person, membership: Membership | None) -> Caller:
    return Caller(
        actor=person.actor,
        person=person,
        organization=membership.organization if membership else None,
        permissions=(
            rules.permissions_of_role(membership.role, has_child_safety=membership.has_child_safety)
            if membership
            else frozenset()
        ),
        is_staff=person.is_staff,
    )


def in_organization(person: Person, slug: str) -> Caller:
    """The person as a member of the organisation `slug`. Raises NotFoundError for a stranger."""
    with tenancy.staff():
        membership = memberships_of(person).filter(organization__slug=slug).first()
    if membership is None:
        raise NotFoundError("It does not exist, or it is not yours.")
    return of_person(person, membership)


def as_member(staff: Person, membership_pk: int) -> Caller:
    """What a member sees, for a staff person: the caller is the staff person, and may only read. Raises
    NotFoundError when the member, or the right to look, is gone.
    """
    with tenancy.staff():
        membership = (
            Membership.objects.filter(pk=membership_pk, person__is_active=True)
            .select_related("organization")
            .first()
        )
    if membership is None or not staff.is_staff:
        raise NotFoundError("It does not exist, or it is not yours.")
    held = rules.permissions_of_role(membership.role, has_child_safety=False)
    return Caller(
        actor=staff.actor,
        person=staff,
        organization=membership.organization,
        permissions=held & impersonation.PERMISSIONS,
    )


def in_first_organization(person: Person) -> Caller:
    """The person as a member of the organisation that was joined first, if any."""
    with tenancy.staff():
        return of_person(person, memberships_of(person).first())


def memberships_of(person: Person) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(person=person).select_related("organization").order_by("created_at", "id")
    )


def of_api_key(text: str) -> Caller:
    """The organisation and scopes of an API key. A key that is mistyped is refused without a query."""
    refused = NotSignedInError("Invalid token", code="INVALID_TOKEN")
    if not key_format.is_well_formed(text):
        raise refused
    row = KEY.first({"digest": key_format.digest(text)})
    if row is None:
        raise refused
    key, organization = row
    # Once a minute is exact enough to see that a key is in use, and spares a statement per request.
    if key.last_used_at is None or key.last_used_at < timezone.now() - MINUTE:
        with tenancy.organization(organization.pk):
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=Now())
    return Caller(
        actor=key.actor,
        organization=organization,
        permissions=rules.permissions_of_scopes(key.scopes),
        mode=key.mode,
    )
