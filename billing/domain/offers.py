"""What a tier can offer, described once: features that it has or lacks, and limits with a figure.

Validation, the pricing page, the tier editor and the API's description read this catalogue. A new feature
or limit is a line here. What nothing does yet says `is_built=False`: it is told apart from what a tier gives,
as coming, so that nobody pays for it. Whoever builds it takes that away.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing.domain.limits import UNLIMITED

MOST = 2**31 - 1  # what the database's integers hold
HOUR, DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True)
class Feature:
    """Something that a tier has or lacks. `is_column` says that a column of the same name repeats it."""

    name: str
    label: str
    description: str
    is_column: bool = False
    is_built: bool = True


@dataclass(frozen=True)
class Limit:
    """A figure of a tier: a column of its own (`is_column`) or an entry of `ai_limits`.

    A switch is true or false. Any other is a whole number from `least` on, or -1 where it may be unlimited.
    `one` and `many` name what is counted; an interval has neither and is in minutes. `default` is what
    counts where a tier says nothing.
    """

    name: str
    label: str
    description: str
    default: int | bool
    one: str = ""
    many: str = ""
    least: int = 0
    may_be_unlimited: bool = False
    is_column: bool = False
    is_built: bool = True

    @property
    def is_switch(self) -> bool:
        return isinstance(self.default, bool)

    def problem(self, value: Any) -> str:
        """Why this cannot be its figure, or nothing."""
        if self.is_switch:
            return "" if isinstance(value, bool) else "This is true or false."
        if isinstance(value, bool) or not isinstance(value, int):
            return "This is a whole number."
        if value == UNLIMITED and self.may_be_unlimited:
            return ""
        unlimited = ", or -1 for no limit" if self.may_be_unlimited else ""
        return "" if self.least <= value <= MOST else f"This is {self.least} or more{unlimited}."


FEATURES = (
    Feature("api_keys", "API keys", "Programs call the API with keys of their own."),
    Feature("webhooks", "Webhooks", "Decisions and events are sent to your own addresses.", is_built=False),
    Feature("advanced_thresholds", "Advanced thresholds", "Thresholds for each part of a body and context."),
    Feature("custom_keywords", "Custom keywords", "Words of your own that a caption is searched for."),
    Feature(
        "real_time_monitoring", "Real-time monitoring", "Drift is looked for every two minutes.",
        is_built=False,
    ),
    Feature(
        "resilient_deployment", "Resilient deployment", "More tries, and a queue when a server is away.",
        is_built=False,
    ),
    Feature("analytics", "Analytics", "Use and decisions of each day, for programs of your own."),
    Feature("auto_resolve", "Automatic healing", "Drift is mended without a person.", is_built=False),
    Feature("batch_operations", "Batches", "Many sites or pictures in one request.", is_built=False),
    Feature("failover", "Failover", "A second server takes over when one is lost.", is_built=False),
    Feature("priority_support", "Priority support", "Your questions are answered first.", is_column=True),
    Feature(
        "whitelabel_available", "White label", "The portal under your own name.",
        is_column=True, is_built=False,
    ),
)  # fmt: skip

LIMITS = (
    Limit(
        "max_sites", "Sites", "Sites that may exist at one time.", 1, "site", "sites",
        may_be_unlimited=True, is_column=True,
    ),
    Limit(
        "max_monthly_requests", "Pictures a month", "Pictures analysed in a calendar month (UTC).", 0,
        "picture a month", "pictures a month", may_be_unlimited=True, is_column=True,
    ),
    Limit(
        "pictures_per_second", "Pictures a second", "Pictures that may be sent in one second.", 2,
        "picture a second", "pictures a second", least=1,
    ),
    Limit(
        "ai_generations_per_day", "AI generations a day", "Calls to a language or picture model in a day.", 0,
        "AI generation a day", "AI generations a day", is_built=False,
    ),
    Limit(
        "monthly_credits", "Credits each month", "Granted with each month; they end with it.", 0,
        "credit a month", "credits a month", is_built=False,
    ),
    Limit(
        "rollback_versions", "Versions for rollback", "Earlier versions that are offered for a rollback.", 3,
        "version", "versions", least=1, may_be_unlimited=True, is_built=False,
    ),
    Limit(
        "drift_check_minutes", "Drift looked for", "How often a site is compared with its server; minutes.",
        DAY, least=1, is_built=False,
    ),
    Limit(
        "overage_by_credits", "Beyond the quota, by credits", "Whether credits pay for what is beyond.",
        default=False, is_built=False,
    ),
)  # fmt: skip

FEATURE_NAMES = frozenset(feature.name for feature in FEATURES)
COLUMN_LIMITS = tuple(limit for limit in LIMITS if limit.is_column)
COMING = frozenset(offer.name for offer in (*FEATURES, *LIMITS) if not offer.is_built)
AI_LIMITS = {limit.name: limit for limit in LIMITS if not limit.is_column}


@dataclass(frozen=True)
class Problem:
    """A figure that makes no sense: `path` names it as in `ai_limits.monthly_credits`."""

    path: str
    message: str


def limit_of(ai_limits: Mapping[str, Any], name: str) -> int:
    """The figure of an entry of `ai_limits`; its default where the tier says nothing (or nonsense)."""
    limit = AI_LIMITS[name]
    value = ai_limits.get(name, limit.default)
    return int(limit.default if limit.problem(value) else value)


def features_of(names: Iterable[str]) -> list[Feature]:
    """The features in the catalogue's order; a name that it lacks is left out."""
    having = set(names)
    return [feature for feature in FEATURES if feature.name in having]


def coming_of(features: Iterable[str], ai_limits: Mapping[str, Any]) -> list[str]:
    """The names, in the catalogue's order, of what a tier lists and nothing does yet: features that it has,
    limits that give something.
    """
    having = set(features)
    limits = [limit for limit in LIMITS if ai_limits.get(limit.name)]
    listed: list[Feature | Limit] = [*features_of(having), *limits]
    return [offer.name for offer in listed if not offer.is_built]


def problems_of(features: Any, ai_limits: Any) -> Iterator[Problem]:
    """What is wrong with a tier's features and limits: unknown names, and figures that are none."""
    if not isinstance(features, list) or not all(isinstance(name, str) for name in features):
        yield Problem("features", "This is a list of names.")
    else:
        unknown = sorted(set(features) - FEATURE_NAMES)
        yield from (Problem("features", f"There is no feature {name!r}."[:200]) for name in unknown)
    if not isinstance(ai_limits, dict):
        yield Problem("ai_limits", "This is an object of limits by name.")
        return
    for name, value in ai_limits.items():
        limit = AI_LIMITS.get(name)
        message = limit.problem(value) if limit else "There is no such limit."
        if message:
            yield Problem(f"ai_limits.{name}"[:200], message)
