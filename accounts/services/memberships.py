"""Who belongs to an organisation, and who may see its child-safety cases."""

from django.db import transaction

from accounts.models import Membership, Organization, Person
from accounts.services import audit
from musenest.common.actors import Actor


def add(*, organization: Organization, person: Person, role: str, by: Actor) -> Membership:
    """Make the person a member, and record it. In staff's scope: the person is not visible to the
    organisation yet.
    """
    with transaction.atomic():
        membership = Membership.objects.create(organization=organization, person=person, role=role)
        audit.record(
            "membership.added", by=by, target=membership, organization=organization.pk, changes={"role": role}
        )
    return membership


def grant_child_safety(*, membership: Membership, by: Actor) -> Membership:
    """Let the member see escalated decisions; recorded with who granted it. The caller has
    `child_safety:grant`.
    """
    with transaction.atomic():
        membership.has_child_safety, membership.child_safety_granted_by = True, by.label
        membership.save(update_fields=["has_child_safety", "child_safety_granted_by"])
        audit.record(
            "membership.child_safety_granted",
            by=by,
            target=membership,
            organization=membership.organization_id,
        )
    return membership
