"""The live catalogue."""

from django.db.models import QuerySet

from billing.domain.catalogues import catalogue_of
from billing.domain.limits import Plan
from billing.models import Tier


def live() -> QuerySet[Tier]:
    """Active tiers, cheapest first."""
    return Tier.objects.filter(is_active=True).order_by("rank")


def beside(tier: Tier) -> list[Tier]:
    """Active tiers of the price list that this one is in, cheapest first."""
    own = catalogue_of(tier.tier_name)
    return [found for found in live() if catalogue_of(found.tier_name) == own]


def plans(tier: Tier) -> list[Plan]:
    """The same as the domain reads it."""
    return [
        Plan(
            name=found.tier_name,
            rank=found.rank,
            features=frozenset(found.features),
            limits={"max_sites": found.max_sites, "max_monthly_requests": found.max_monthly_requests},
        )
        for found in beside(tier)
    ]
