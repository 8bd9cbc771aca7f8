"""Changing the catalogue; every change leaves a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from accounts.services import audit
from billing.domain.catalogues import CATALOGUES
from billing.models import CURRENT, FREE, Tier, TierVersion
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, NotFoundError


def save(*, name: str, figures: Mapping[str, Any], by: Actor) -> Tier:
    """Create the tier `name` or change its figures; writes a version and an audit row if anything differs.

    What is not named stays. Entitlements follow at once: nothing caches them. Raises ValidationError for
    figures that make no sense, ConflictError for a tier that is taken off sale while somebody is subscribed
    to it.
    """
    with tenancy.staff(), transaction.atomic():
        tier = Tier.objects.select_for_update().filter(tier_name=name).first() or Tier(tier_name=name)
        before = tier.figures()
        for field, value in figures.items():
            setattr(tier, field, value)
        tier.full_clean()
        if before["is_active"] and not tier.is_active:
            refuse_in_use(tier)
        tier.keep_in_accord(figures)
        return kept(tier, before, by)


def retire(*, name: str, by: Actor) -> Tier:
    """Take the tier out of the catalogue; its versions stay, and saving it as active brings it back.

    Raises NotFoundError for a tier that is not sold, ConflictError while somebody is subscribed to it or for
    the one that new organisations begin on.
    """
    with tenancy.staff(), transaction.atomic():
        tier = Tier.objects.select_for_update().filter(tier_name=name, is_active=True).first()
        if tier is None:
            raise NotFoundError("There is no such tier.", code="TIER_UNKNOWN")
        if tier.tier_name == FREE:
            raise ConflictError("New organisations begin on this tier.", code="TIER_NEEDED")
        refuse_in_use(tier)
        before = tier.figures()
        tier.is_active = False
        return kept(tier, before, by, action="tier.retired")


def refuse_in_use(tier: Tier) -> None:
    """Raises ConflictError while somebody is subscribed to the tier, which is locked: whoever moves an
    organisation locks it too, so that they come before this, or find it retired.
    """
    subscribers = tier.subscriptions.filter(subscription_status__in=CURRENT).count() if tier.pk else 0
    if subscribers:
        words = "1 organisation is" if subscribers == 1 else f"{subscribers:,} organisations are"
        raise ConflictError(
            "%(words)s subscribed to %(tier)s. Move them to another tier first.",
            code="TIER_IN_USE",
            figures={"words": words, "tier": tier.display_name},
            details={"subscriber_count": subscribers},
        )


def kept(tier: Tier, before: Mapping[str, Any], by: Actor, action: str = "tier.saved") -> Tier:
    """The tier as a new version, with an audit row; untouched where nothing differs."""
    changes = {
        key: [str(before[key]), str(value)] for key, value in tier.figures().items() if before[key] != value
    }
    if tier.version and not changes:
        return tier
    tier.version += 1
    try:
        with transaction.atomic():
            tier.save()
    except IntegrityError as error:
        raise ConflictError("Somebody created this tier just now.", code="TIER_EXISTS") from error
    TierVersion.objects.create(tier=tier, number=tier.version, figures=tier.figures(), created_by=by.label)
    audit.record(action, by=by, target=tier, organization=None, changes=changes)
    return tier


@dataclass(frozen=True)
class Loading:
    """What became of a price list: its tiers as they are sold now, and the names of those it `left`."""

    loaded: list[Tier]
    left: list[str]


def load_catalogue(*, name: str, by: Actor) -> Loading:
    """Load a price list by name. A tier that is there and has subscribers is left as it is.

    Raises NotFoundError for a name that does not exist.
    """
    if name not in CATALOGUES:
        raise NotFoundError(
            "There is no catalogue %(name)r; there are: %(names)s.",
            figures={"name": name, "names": ", ".join(sorted(CATALOGUES))},
        )
    names = [entry.tier_name for entry in CATALOGUES[name]]
    with tenancy.staff(), transaction.atomic():
        # Whoever moves an organisation locks the tier too, so that nobody subscribes meanwhile.
        known = Tier.objects.select_for_update().filter(tier_name__in=names).order_by("pk")
        left = [
            tier.tier_name
            for tier in known
            if tier.subscriptions.filter(subscription_status__in=CURRENT).exists()
        ]
        loaded = [
            save(name=entry.tier_name, figures=entry.figures(), by=by)
            for entry in CATALOGUES[name]
            if entry.tier_name not in left
        ]
    return Loading(loaded=loaded, left=left)
