"""The catalogue of tiers as people read it: a card for each, and a table that compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from billing.domain.limits import UNLIMITED
from billing.domain.offers import DAY, FEATURES, HOUR, LIMITS, Feature, Limit, features_of, limit_of
from billing.models import Tier

ON_THE_CARD = ("max_sites", "max_monthly_requests", "pictures_per_second", "monthly_credits")


@dataclass(frozen=True)
class Card:
    """`new_features` are those that the cheaper tier lacks, `coming` those among them that nothing does yet.
    Prices are empty where there is none.
    """

    tier: Tier
    description: str
    monthly: str
    yearly: str
    figures: list[str]
    builds_on: str
    new_features: list[str]
    coming: list[str]


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a figure of each tier, or whether it has the feature (None: no words)."""

    label: str
    description: str
    cells: list["Cell"]


@dataclass(frozen=True)
class Cell:
    words: str = ""
    has: bool | None = None


def cards(tiers: Sequence[Tier]) -> list[Card]:
    cheaper: list[Tier | None] = [None, *tiers[:-1]]
    return [card(tier, below) for tier, below in zip(tiers, cheaper, strict=True)]


def card(tier: Tier, below: Tier | None) -> Card:
    known = set(below.features) if below else set()
    if not known <= set(tier.features):  # the first of another price list: it builds on nothing
        known = set()
    new = [feature for feature in features_of(tier.features) if feature.name not in known]
    return Card(
        tier=tier,
        description=gettext(tier.description) if tier.description else "",
        monthly=dollars(tier.monthly_price),
        yearly=dollars(tier.yearly_price) if tier.monthly_price else "",
        figures=[
            line(limit, value)
            for limit in LIMITS
            if limit.name in ON_THE_CARD and limit.is_built and (value := figure(tier, limit))
        ],
        builds_on=below.display_name if below and known else "",
        new_features=[gettext(feature.label) for feature in new if feature.is_built],
        coming=[gettext(feature.label) for feature in new if not feature.is_built],
    )


def dollars(price: object) -> str:
    return "" if price is None else f"${price:,.2f}".removesuffix(".00")


def figure(tier: Tier, limit: Limit) -> int:
    return int(getattr(tier, limit.name)) if limit.is_column else limit_of(tier.ai_limits, limit.name)


def line(limit: Limit, value: int) -> str:
    """`25 sites`, `unlimited sites`."""
    if value == UNLIMITED:
        return gettext("Unlimited %(what)s") % {"what": ngettext(limit.one, limit.many, 0)}
    return f"{value:,} {ngettext(limit.one, limit.many, value)}"


def limit_rows(tiers: Sequence[Tier]) -> list[Row]:
    """Of the limits that are kept; the others are `coming_rows`."""
    return [limit_row(limit, tiers) for limit in LIMITS if limit.is_built]


def limit_row(limit: Limit, tiers: Sequence[Tier]) -> Row:
    cells = [limit_cell(limit, figure(tier, limit)) for tier in tiers]
    return Row(gettext(limit.label), gettext(limit.description), cells)


def limit_cell(limit: Limit, value: int) -> Cell:
    if limit.is_switch:
        return Cell(has=bool(value))
    if value == UNLIMITED:
        return Cell(gettext("unlimited"))
    return Cell(f"{value:,}" if limit.many else interval(value))


def interval(minutes: int) -> str:
    if minutes % DAY == 0:
        return ngettext("every day", "every %(number)s days", minutes // DAY) % {"number": minutes // DAY}
    if minutes % HOUR == 0:
        return ngettext("every hour", "every %(number)s hours", minutes // HOUR) % {"number": minutes // HOUR}
    return ngettext("every minute", "every %(number)s minutes", minutes) % {"number": minutes}


def feature_rows(tiers: Sequence[Tier]) -> list[Row]:
    """Of the features that are there; the others are `coming_rows`."""
    return [feature_row(feature, tiers) for feature in FEATURES if feature.is_built]


def coming_rows(tiers: Sequence[Tier]) -> list[Row]:
    """What plans are to have once it is there."""
    limits = [limit_row(limit, tiers) for limit in LIMITS if not limit.is_built]
    return [*limits, *(feature_row(feature, tiers) for feature in FEATURES if not feature.is_built)]


def feature_row(feature: Feature, tiers: Sequence[Tier]) -> Row:
    cells = [Cell(has=tier.has_feature(feature.name)) for tier in tiers]
    return Row(gettext(feature.label), gettext(feature.description), cells)
