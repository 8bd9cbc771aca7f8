"""The price lists that an operator can load by name (REQUIREMENTS.md, decision 6)."""

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from billing.domain.limits import UNLIMITED

BASIC = ("api_keys", "webhooks")
PREMIUM = (
    *BASIC,
    "advanced_thresholds",
    "custom_keywords",
    "real_time_monitoring",
    "resilient_deployment",
    "analytics",
)
ENTERPRISE = (*PREMIUM, "auto_resolve", "batch_operations", "failover", "priority_support")
CUSTOM = (*ENTERPRISE, "whitelabel_available")


@dataclass(frozen=True)
class Entry:
    """One tier of a price list. -1 is unlimited; no price is by agreement."""

    tier_name: str
    display_name: str
    rank: int
    monthly_price: Decimal | None
    description: str
    features: tuple[str, ...]
    max_sites: int
    max_monthly_requests: int
    ai_limits: dict[str, Any] = field(default_factory=dict)
    priority_support: bool = False
    whitelabel_available: bool = False
    is_active: bool = True

    def figures(self) -> dict[str, Any]:
        values = asdict(self) | {"features": list(self.features)}
        del values["tier_name"]
        return values


def limits(
    *,
    pictures_per_second: int,
    ai_generations_per_day: int,
    monthly_credits: int,
    rollback_versions: int,
    drift_minutes: int,
    overage: bool,
) -> dict[str, Any]:
    return {
        "pictures_per_second": pictures_per_second,
        "ai_generations_per_day": ai_generations_per_day,
        "monthly_credits": monthly_credits,
        "rollback_versions": rollback_versions,
        "drift_check_minutes": drift_minutes,
        "overage_by_credits": overage,
    }


LIVE = (
    Entry(
        "free",
        "Free",
        0,
        Decimal("0.00"),
        "One site, to see what moderation by configuration is like.",
        ("api_keys",),
        1,
        1_000,
        limits(
            pictures_per_second=2,
            ai_generations_per_day=2,
            monthly_credits=0,
            rollback_versions=3,
            drift_minutes=1440,
            overage=False,
        ),
    ),
    Entry(
        "basic",
        "Basic",
        1,
        Decimal("9.99"),
        "For small sites that go live: ten times the pictures.",
        BASIC,
        3,
        10_000,
        limits(
            pictures_per_second=5,
            ai_generations_per_day=100,
            monthly_credits=100,
            rollback_versions=10,
            drift_minutes=60,
            overage=False,
        ),
    ),
    Entry(
        "premium",
        "Premium",
        2,
        Decimal("39.95"),
        "For several sites: thresholds and keywords of your own, analytics.",
        PREMIUM,
        25,
        100_000,
        limits(
            pictures_per_second=20,
            ai_generations_per_day=500,
            monthly_credits=1_000,
            rollback_versions=100,
            drift_minutes=2,
            overage=True,
        ),
    ),
    Entry(
        "enterprise",
        "Enterprise",
        3,
        Decimal("199.99"),
        "Sites and pictures without limit, and priority support.",
        ENTERPRISE,
        UNLIMITED,
        UNLIMITED,
        limits(
            pictures_per_second=100,
            ai_generations_per_day=2_000,
            monthly_credits=10_000,
            rollback_versions=UNLIMITED,
            drift_minutes=2,
            overage=True,
        ),
        priority_support=True,
    ),
    Entry(
        "custom",
        "Custom",
        4,
        None,
        "By agreement.",
        CUSTOM,
        UNLIMITED,
        UNLIMITED,
        limits(
            pictures_per_second=100,
            ai_generations_per_day=2_000,
            monthly_credits=10_000,
            rollback_versions=UNLIMITED,
            drift_minutes=2,
            overage=True,
        ),
        priority_support=True,
        whitelabel_available=True,
    ),
)

FREE, BASIC_TIER, PREMIUM_TIER, ENTERPRISE_TIER, CUSTOM_TIER = LIVE

# The lists of the merged systems. Their tiers have names of their own, so that loading one changes none that
# is sold already; ranks keep a list together. What a list does not say is as in the nearest live tier.

# N-26…N-28. A component generation is a moderation request (decision 17).
NUGGETWISE = (
    replace(
        FREE,
        tier_name="nuggetwise-free",
        display_name="Nuggetwise Free",
        rank=10,
        description="Ten pictures a month, to begin with.",
        max_monthly_requests=10,
    ),
    replace(
        PREMIUM_TIER,
        tier_name="nuggetwise-pro",
        display_name="Nuggetwise Pro",
        rank=11,
        monthly_price=Decimal("19.00"),
        description="Pictures without limit, analytics and priority support.",
        features=(*PREMIUM, "priority_support"),
        max_monthly_requests=UNLIMITED,
        priority_support=True,
    ),
    replace(
        CUSTOM_TIER,
        tier_name="nuggetwise-enterprise",
        display_name="Nuggetwise Enterprise",
        rank=12,
        monthly_price=Decimal("99.00"),
        description="Everything, under your own name.",
    ),
)

# H-27.
HOW_TO_AI = (
    replace(
        FREE,
        tier_name="how-to-ai-free",
        display_name="How-to-AI Free",
        rank=20,
        description="Basic access.",
    ),
    replace(
        ENTERPRISE_TIER,
        tier_name="how-to-ai-premium",
        display_name="How-to-AI Premium",
        rank=21,
        monthly_price=Decimal("50.00"),
        description="Full access.",
    ),
    replace(
        CUSTOM_TIER,
        tier_name="how-to-ai-enterprise",
        display_name="How-to-AI Enterprise",
        rank=22,
    ),
)

# O-49…O-51 name generations a day and no prices. Its trial (O-48) is a status of a subscription, no tier.
MODO = tuple(
    replace(
        like,
        tier_name=f"modo-{name.lower()}",
        display_name=f"Modo {name}",
        rank=rank,
        monthly_price=None,
        description="By agreement.",
        ai_limits=like.ai_limits | {"ai_generations_per_day": generations},
    )
    for rank, name, like, generations in (
        (30, "Premium", BASIC_TIER, 100),
        (31, "Pro", PREMIUM_TIER, 500),
        (32, "Unlimited", ENTERPRISE_TIER, 2_000),
    )
)

LIVE_NAME = "musenest"
CATALOGUES: dict[str, tuple[Entry, ...]] = {
    LIVE_NAME: LIVE,
    "nuggetwise": NUGGETWISE,
    "how-to-ai": HOW_TO_AI,
    "modo": MODO,
}
NAMES = {entry.tier_name: name for name, entries in CATALOGUES.items() for entry in entries}


def catalogue_of(tier_name: str) -> str:
    """The name of the price list that a tier is in. One that staff made stands in the live one."""
    return NAMES.get(tier_name, LIVE_NAME)
