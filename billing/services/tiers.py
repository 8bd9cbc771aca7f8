"""Changing the catalogue; every change leaves a version."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.services import audit
from billing.domain.catalogues import CATALOGUES
from billing.models import Tier, TierVersion
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import NotFoundError


def save(*, name: str, figures: Mapping[str, Any], by: Actor) -> Tier:
    """Create the tier `name` or change its figures; writes a version and an audit row if anything differs.

    Entitlements follow at once: nothing caches them.
    """
    with tenancy.staff(), transaction.atomic():
        tier = Tier.objects.select_for_update().filter(tier_name=name).first() or Tier(tier_name=name)
        before = tier.figures()
        for field, value in figures.items():
            setattr(tier, field, value)
        tier.full_clean()
        changes = {
            key: [str(before[key]), str(value)]
            for key, value in tier.figures().items()
            if before[key] != value
        }
        if tier.version and not changes:
            return tier
        tier.version += 1
        tier.save()
        TierVersion.objects.create(
            tier=tier, number=tier.version, figures=tier.figures(), created_by=by.label
        )
        audit.record("tier.saved", by=by, target=tier, organization=None, changes=changes)
    return tier


def load_catalogue(*, name: str, by: Actor) -> list[Tier]:
    """Load a price list by name. Raises NotFoundError for a name that does not exist."""
    if name not in CATALOGUES:
        raise NotFoundError(f"There is no catalogue {name!r}; there are: {', '.join(sorted(CATALOGUES))}.")
    return [save(name=entry.tier_name, figures=entry.figures(), by=by) for entry in CATALOGUES[name]]
