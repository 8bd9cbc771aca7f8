"""Beginning and changing subscriptions."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Organization
from accounts.services import audit
from billing.models import CURRENT, FREE, Subscription, Tier, TierVersion
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, NotFoundError


def begin(*, organization: Organization, tier_name: str, by: Actor) -> Subscription:
    """Put a new organisation on a tier, and record it."""
    with transaction.atomic():
        tier = tier_named(tier_name)
        subscription = Subscription.objects.create(
            organization=organization, tier=tier, tier_version=newest_version(tier)
        )
        audit.record(
            "subscription.begun",
            by=by,
            target=subscription,
            organization=organization.pk,
            changes={"tier": tier_name},
        )
    return subscription


def begin_free(sender: Any, *, organization: Organization, by: Actor, **kwargs: Any) -> None:
    """Receives `organization_created`: a new organisation is on free."""
    begin(organization=organization, tier_name=FREE, by=by)


def change_tier(*, organization: Organization, tier_name: str, by: Actor) -> Subscription:
    """Move the organisation to another tier now, without payment (staff's doing), and record it.

    Raises NotFoundError for a tier that is not sold, ConflictError for an organisation without a current
    subscription.
    """
    with tenancy.staff(), transaction.atomic():
        tier = tier_named(tier_name, Tier.objects.select_for_update())  # so that nobody retires it meanwhile
        current = Subscription.objects.filter(organization=organization, subscription_status__in=CURRENT)
        subscription = current.select_for_update().first()
        if subscription is None:
            raise ConflictError("The organisation has no subscription.", code="SUBSCRIPTION_MISSING")
        before = subscription.tier.tier_name
        subscription.tier, subscription.tier_version = tier, newest_version(tier)
        subscription.save(update_fields=["tier", "tier_version", "updated_at"])
        audit.record(
            "subscription.tier_changed",
            by=by,
            target=subscription,
            organization=organization.pk,
            changes={"tier": [before, tier_name]},
        )
    return subscription


def tier_named(name: str, tiers: QuerySet[Tier] | None = None) -> Tier:
    found = Tier.objects.all() if tiers is None else tiers
    tier = found.filter(tier_name=name, is_active=True).first()
    if tier is None:
        raise NotFoundError("There is no tier %(name)r.", code="TIER_UNKNOWN", figures={"name": name})
    return tier


def newest_version(tier: Tier) -> TierVersion:
    return TierVersion.objects.get(tier=tier, number=tier.version)
