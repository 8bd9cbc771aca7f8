"""What an organisation has subscribed to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership, Organization, Person
from billing.models import CURRENT, Subscription, Tier
from musenest.common.errors import DeniedError, NotFoundError
from musenest.common.postgres.reads import Read

UPGRADE_URL = "/billing"
CURRENT_TIER = Read(
    """
    SELECT {columns} FROM user_subscriptions AS subscription JOIN {tier} ON tier.id = subscription.tier_id
    WHERE subscription.organization_id = %(organization)s
        AND subscription.subscription_status = ANY (%(current)s)
    LIMIT 1
    """,
    tier=(Tier, ("ai_limits",)),
)


def current_of(organization: Organization) -> Subscription:
    """The current subscription with its tier. Raises DeniedError where there is none."""
    return found_or_denied(currents_of(organization).select_related("organization", "tier_version"))


def currents_of(organization: Organization) -> QuerySet[Subscription]:
    """None or one, with its tier."""
    current = Subscription.objects.filter(organization=organization, subscription_status__in=CURRENT)
    return current.select_related("tier")


def current_keys(organizations: Iterable[UUID | None]) -> Iterable[tuple[UUID, int]]:
    """(organisation's id, key) of the current subscription of each of these. Runs as staff."""
    current = Subscription.objects.filter(organization__in=organizations, subscription_status__in=CURRENT)
    return current.order_by("-pk").values_list("organization_id", "pk")


def limits_of(organization: Organization) -> dict[str, Any]:
    """The technical limits of the current subscription's tier. Asked before every picture."""
    row = CURRENT_TIER.first({"organization": organization.pk, "current": list(CURRENT)})
    return row[0].ai_limits if row else {}


def current_of_person(person: UUID) -> Subscription:
    """The current subscription of the organisation that the person joined first. Runs as staff.

    Raises NotFoundError for a person who is not there or belongs to no organisation.
    """
    membership = Membership.objects.filter(person_id=person).order_by("created_at", "id").first()
    if membership is None:
        raise NotFoundError(
            "There is no such person, or they belong to no organisation.", code="PERSON_UNKNOWN"
        )
    return current_of(membership.organization)


def of_person(person: UUID) -> QuerySet[Subscription]:
    """Every subscription, ended ones too, of the organisations that the person belongs to, newest first.

    Runs as staff: they are of several organisations. Raises NotFoundError for a person who is not there.
    """
    if not Person.objects.filter(pk=person).exists():
        raise NotFoundError("There is no such person.", code="PERSON_UNKNOWN")
    own = Membership.objects.filter(person_id=person).values("organization_id")
    found = Subscription.objects.filter(organization_id__in=own)
    return found.select_related("tier", "tier_version", "organization").order_by("-started_at", "-id")


def found_or_denied(current: QuerySet[Subscription]) -> Subscription:
    found = current.first()
    if found is None:
        raise DeniedError(
            "The organisation has no subscription.",
            code="SUBSCRIPTION_MISSING",
            details=denied("no subscription"),
        )
    return found


def tier_of(organization: Organization) -> Tier:
    """The tier whose entitlements count. Raises DeniedError while the subscription is paused or suspended."""
    subscription = found_or_denied(currents_of(organization))
    if not subscription.is_serving:
        status = subscription.subscription_status
        raise DeniedError(
            "The subscription is %(status)s.",
            code="SUBSCRIPTION_INACTIVE",
            details=denied(status),
            figures={"status": status},
        )
    return subscription.tier


def denied(reason: str, upgrade_required: str | None = None) -> dict[str, object]:
    """The shape of every denial (decision 3)."""
    return {
        "allowed": False,
        "reason": reason,
        "upgrade_required": upgrade_required,
        "upgrade_url": UPGRADE_URL,
    }
