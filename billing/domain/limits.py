"""What a tier allows, as plain questions about figures."""

from collections.abc import Iterable
from dataclasses import dataclass

UNLIMITED = -1


@dataclass(frozen=True)
class Plan:
    """A tier's figures, as far as a limit needs them; `rank` orders tiers from cheapest to dearest."""

    name: str
    rank: int
    features: frozenset[str]
    limits: dict[str, int]


def has_room(limit: int, used: int) -> bool:
    """Whether one more fits: `used` is what counts already."""
    return limit == UNLIMITED or used < limit


def cheapest_with_room(plans: Iterable[Plan], limit_name: str, used: int) -> str | None:
    """The cheapest plan under which one more fits, or None."""
    fitting = [plan for plan in plans if has_room(plan.limits[limit_name], used)]
    return min(fitting, key=lambda plan: plan.rank).name if fitting else None


def cheapest_with_feature(plans: Iterable[Plan], feature: str) -> str | None:
    having = [plan for plan in plans if feature in plan.features]
    return min(having, key=lambda plan: plan.rank).name if having else None
