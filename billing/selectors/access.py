"""What an organisation's tier allows, asked without an exception (M-90 to M-95)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_noop

from accounts.models import Organization
from billing.domain import limits, offers
from billing.models import Tier
from billing.selectors import sites, subscriptions, tiers, usage
from musenest.common.errors import DeniedError, NotFoundError

NOT_IN_TIER = gettext_noop("%(feature)s is not in %(tier)s")
NO_ROOM = gettext_noop("Maximum sites exceeded (%(most)s)")
NO_PICTURES = gettext_noop("Monthly request limit exceeded (%(most)s)")


@dataclass(frozen=True)
class Access:
    """Whether it is allowed; where not, why, and the cheapest tier of the own price list that allows it."""

    has_access: bool
    reason: str = ""
    upgrade_required: str | None = None
    is_coming: bool = False  # nothing does it yet, in any plan

    @property
    def upgrade_url(self) -> str | None:
        return None if self.has_access else subscriptions.UPGRADE_URL

    def denial(self) -> dict[str, object]:
        return subscriptions.denied(self.reason, self.upgrade_required)


ALLOWED = Access(has_access=True)


def of(organization: Organization, name: str) -> Access:
    """Access to a feature, to one more site (`sites`) or to one more picture (`monthly_requests`).

    A subscription that is missing, paused or suspended allows nothing. Raises NotFoundError for what is none
    of these.
    """
    if name not in LIMITED and name not in offers.FEATURE_NAMES:
        raise NotFoundError("There is no such feature.", code="FEATURE_UNKNOWN")
    try:
        tier = subscriptions.tier_of(organization)
    except DeniedError as denied:
        reason = str(denied.details["reason"])
        return Access(has_access=False, reason=reason, is_coming=name in offers.COMING)
    if name in LIMITED:
        return LIMITED[name](organization, tier)
    return replace(to_feature(tier, name), is_coming=name in offers.COMING)


def lacking(organization: Organization, features: Collection[str]) -> dict[str, str]:
    """Those of these features that the organisation's plan is without, each with the cheapest plan that has
    it, as people call it; empty where none is sold. Of a subscription that gives nothing at the moment none:
    no other plan would help.
    """
    try:
        tier = subscriptions.tier_of(organization)
    except DeniedError:
        return {}
    missing = [feature for feature in features if not tier.has_feature(feature)]
    sold = tiers.beside(tier) if missing else []
    return {
        feature: next((other.display_name for other in sold if other.has_feature(feature)), "")
        for feature in missing
    }


def to_feature(tier: Tier, feature: str) -> Access:
    if tier.has_feature(feature):
        return ALLOWED
    upgrade = limits.cheapest_with_feature(tiers.plans(tier), feature)
    return Access(
        has_access=False,
        reason=NOT_IN_TIER % {"feature": feature, "tier": tier.display_name},
        upgrade_required=upgrade,
    )


def to_room_for_a_site(tier: Tier, used: int) -> Access:
    """M-91; the cheapest tier with room, where M-92 names a fixed one (decision 3)."""
    if limits.has_room(tier.max_sites, used):
        return ALLOWED
    upgrade = limits.cheapest_with_room(tiers.plans(tier), "max_sites", used)
    return Access(has_access=False, reason=NO_ROOM % {"most": tier.max_sites}, upgrade_required=upgrade)


def to_a_picture(tier: Tier, used: int) -> Access:
    """M-93 and M-94."""
    if limits.has_room(tier.max_monthly_requests, used):
        return ALLOWED
    upgrade = limits.cheapest_with_room(tiers.plans(tier), "max_monthly_requests", used)
    reason = NO_PICTURES % {"most": tier.max_monthly_requests}
    return Access(has_access=False, reason=reason, upgrade_required=upgrade)


LIMITED: dict[str, Callable[[Any, Tier], Access]] = {
    "sites": lambda organization, tier: to_room_for_a_site(tier, sites.count_of(organization)),
    "monthly_requests": lambda organization, tier: to_a_picture(tier, usage.used_this_month(organization)),
}
