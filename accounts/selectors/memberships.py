"""Who belongs to an organisation, and what somebody may do in it."""

from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import rules
from accounts.models import ApiKey, Membership, Organization, Role
from musenest.common.actors import Actor
from musenest.common.errors import NotFoundError


def of_organization(organization: Organization) -> QuerySet[Membership]:
    """In the order of joining, each with its person."""
    return (
        Membership.objects.filter(organization=organization)
        .select_related("person", "organization")
        .order_by("created_at", "id")
    )


def with_live_keys(organization: Organization) -> QuerySet[Membership]:
    """The same, each with how many API keys that work the person made or rotated last (`live_keys`)."""
    theirs = ApiKey.objects.usable().filter(organization=organization, maker=OuterRef("person"))
    counted = theirs.order_by().values("maker").annotate(number=Count("pk")).values("number")
    return of_organization(organization).annotate(live_keys=Coalesce(Subquery(counted), 0))


def for_child_safety(organization: Organization) -> list[Membership]:
    """Whom a child-safety case concerns: who was granted to see them; where nobody was, the owners."""
    active = of_organization(organization).filter(person__is_active=True)
    return list(active.filter(has_child_safety=True)) or list(active.filter(role=Role.OWNER))


def get_for(organization: Organization, person: UUID) -> Membership:
    """The membership of this person, or NotFoundError."""
    membership = of_organization(organization).filter(person_id=person).first()
    if membership is None:
        raise NotFoundError("There is no such member.", code="MEMBER_UNKNOWN")
    return membership


def authority_of(by: Actor, organization: Organization) -> frozenset[str]:
    """What the actor may do in the organisation by now: staff and the system whatever an owner may."""
    is_operator = by.is_staff or by.kind == "system"
    return own_permissions_of(by, organization) | (rules.OPERATORS if is_operator else frozenset())


def own_permissions_of(by: Actor, organization: Organization) -> frozenset[str]:
    """What the actor may do as a member. An API key is none."""
    if by.kind != "person":
        return frozenset()
    membership = Membership.objects.filter(organization=organization, person_id=by.id).first()
    if membership is None:
        return frozenset()
    return rules.permissions_of_role(membership.role, has_child_safety=membership.has_child_safety)
