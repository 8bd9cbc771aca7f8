"""The live catalogue."""

from django.db.models import QuerySet

from billing.domain.limits import Plan
from billing.models import Tier


def live() -> QuerySet[Tier]:
    """Active tiers, cheapest first."""
    return Tier.objects.filter(is_active=True).order_by("rank")


def plans() -> list[Plan]:
    """The live catalogue as the domain reads it."""
    return [
        Plan(
            name=tier.tier_name,
            rank=tier.rank,
            features=frozenset(tier.features),
            limits={"max_sites": tier.max_sites, "max_monthly_requests": tier.max_monthly_requests},
        )
        for tier in live()
    ]
