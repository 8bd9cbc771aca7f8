"""What a tier said before: each version beside the one that it replaced."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing.models import Tier, TierVersion

AT_MOST = 20
MISSING = "nothing"


@dataclass(frozen=True)
class Change:
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """`changes` is empty for the first one."""

    pk: int
    number: int
    created_by: str
    created_at: datetime
    changes: list[Change]


def of(tier: Tier) -> list[Version]:
    """The newest first."""
    rows = list(TierVersion.objects.filter(tier=tier).order_by("-number")[: AT_MOST + 1])
    befores: list[TierVersion | None] = [*rows[1:], None]
    found = [
        Version(
            row.pk,
            row.number,
            row.created_by,
            row.created_at,
            changes(before.figures, row.figures) if before else [],
        )
        for row, before in zip(rows, befores, strict=True)
    ]
    return found[:AT_MOST]


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every figure that differs; of features and limits only what differs in them."""
    old, new = flat(before), flat(after)
    return [
        Change(name.replace("_", " "), old.get(name, MISSING), new.get(name, MISSING))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def flat(figures: dict[str, Any]) -> dict[str, str]:
    """Names and figures in words; a feature is its own figure."""
    found: dict[str, str] = {}
    for name, value in figures.items():
        if name == "features":
            found |= {f"feature {feature}": "yes" for feature in value}
        elif isinstance(value, dict):
            found |= {inner: str(figure) for inner, figure in value.items()}
        else:
            found[name] = MISSING if value is None else str(value)
    return found
