"""An organisation's API keys."""

from uuid import UUID

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from accounts import rules
from accounts.models import ApiKey, Membership, Organization
from musenest.common.errors import NotFoundError

# What became of whoever made a key, or was shown it last.
MEMBER, DISABLED, FORMER, UNKNOWN = "member", "disabled", "former", "unknown"
MAKERS = (MEMBER, DISABLED, FORMER, UNKNOWN)


def of_organization(organization: Organization) -> QuerySet[ApiKey]:
    """All of them, revoked and expired ones too, the newest first; `maker_status` is one of MAKERS."""
    theirs = Membership.objects.filter(organization=organization, person=OuterRef("maker"))
    status = Case(
        When(maker=None, then=Value(UNKNOWN)),
        When(Exists(theirs.filter(person__is_active=True)), then=Value(MEMBER)),
        When(Exists(theirs), then=Value(DISABLED)),
        default=Value(FORMER),
    )
    keys = ApiKey.objects.filter(organization=organization)
    return keys.annotate(maker_status=status).order_by("-created_at", "-id")


def get_for(organization: Organization, pk: UUID) -> ApiKey:
    key = of_organization(organization).filter(pk=pk).first()
    if key is None:
        raise NotFoundError("There is no such API key.", code="API_KEY_UNKNOWN")
    return key


def live_of(organization: Organization, person: UUID) -> QuerySet[ApiKey]:
    """Those that this person made or rotated last, and that are good."""
    return ApiKey.objects.usable().filter(organization=organization, maker=person).order_by("id")


def beyond(membership: Membership) -> list[ApiKey]:
    """Of `live_of`, those that open more than the member may."""
    held = rules.permissions_of_role(membership.role, has_child_safety=membership.has_child_safety)
    allowed = set(rules.scopes_within(held))
    live = live_of(membership.organization, membership.person_id)
    return [key for key in live if not set(key.scopes) <= allowed]
