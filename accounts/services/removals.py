"""Undoing the removal of a member, for as long as the page offers it."""

from dataclasses import dataclass

from django.core import signing
from django.db import transaction

from accounts.models import AuditEvent, Membership, Organization, Person
from accounts.services import memberships
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError

SECONDS = 600
SALT = "accounts.removals.with-the-last-event"


@dataclass(frozen=True)
class Removal:
    """The membership that was ended."""

    person: str
    role: str
    email: str
    last_event: str  # of the organisation's trail, when the proof was made


def proof_of(membership: Membership) -> str:
    """What shows that this membership was just ended: signed, good for ten minutes in this organisation.

    Without it, undoing would be a way to make anybody a member without asking them.
    """
    of, person = membership.organization_id, membership.person
    last = AuditEvent.objects.filter(organization_id=of).order_by("-pk").values_list("pk", flat=True).first()
    about = [of, person.pk, membership.role, person.email, last or 0]
    return signing.dumps([str(each) for each in about], salt=SALT)


def offered(*, organization: Organization, proof: str) -> str:
    """Who would be a member again; empty where there is nothing to undo (any more)."""
    try:
        return read(proof, organization).email
    except ConflictError:
        return ""


def undo(*, organization: Organization, proof: str, by: Actor) -> Membership:
    """Make the removed person a member again, with the same role but without the grant for child safety.

    Raises ConflictError for a proof that is not this organisation's or too old, and when the person is a
    member again already, or was in between and may have left; DeniedError for a role beyond the actor's own
    rights.
    """
    ended = read(proof, organization)
    memberships.refuse_beyond(by, organization, ended.role)
    with tenancy.staff(), transaction.atomic():
        memberships.lock(organization)
        removed = Person.objects.filter(pk=ended.person).first()
        if removed is None:
            raise too_late()
        if Membership.objects.filter(organization=organization, person=removed).exists():
            raise ConflictError("This person is a member already.", code="ALREADY_MEMBER")
        if was_added_since(organization, ended):
            raise too_late()
        return memberships.add(organization=organization, person=removed, role=ended.role, by=by)


def was_added_since(organization: Organization, ended: Removal) -> bool:
    """By this proof or otherwise. The trail tells it where the membership itself is gone; its events name a
    membership by the person's address.
    """
    since = AuditEvent.objects.filter(organization_id=organization.pk, pk__gt=int(ended.last_event))
    return since.filter(action="membership.added", target_label__startswith=f"{ended.email} in ").exists()


def read(proof: str, organization: Organization) -> Removal:
    try:
        of, *about = signing.loads(proof, salt=SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise too_late() from error
    if of != str(organization.pk):
        raise too_late()
    return Removal(*about)


def too_late() -> ConflictError:
    return ConflictError("It is too late to undo this. Invite the person again.", code="REMOVAL_NOT_UNDOABLE")
