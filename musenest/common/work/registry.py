"""Which function does which kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from musenest.common.work.items import WorkItem


def exponential(attempt: int) -> timedelta:
    """5 s, 25 s, 2 min, 10 min, then 30 min: the wait after try number `attempt`."""
    return timedelta(seconds=min(5**attempt, 1800))


def nothing_more(item: Any, reason: str) -> None:
    """For kinds whose failure changes no other row."""


@dataclass(frozen=True)
class Kind:
    """One kind of work. `run(item)` does it; `failed(item, reason)` is called in the transaction that ends it
    as failed or parked.
    """

    name: str
    model: type[WorkItem]
    run: Callable[[Any], None]
    failed: Callable[[Any, str], None] = nothing_more
    max_attempts: int = 5
    backoff: Callable[[int], timedelta] = exponential
    lease: timedelta = timedelta(seconds=30)


kinds: dict[str, Kind] = {}


def register(
    model: type[WorkItem],
    *,
    kind: str,
    run: Callable[[Any], None],
    failed: Callable[[Any, str], None] = nothing_more,
    max_attempts: int = 5,
    backoff: Callable[[int], timedelta] = exponential,
    lease: timedelta = timedelta(seconds=30),
) -> None:
    """Say who does the rows of `model`. Called once per kind, from an app's `work.py`."""
    kinds[kind] = Kind(kind, model, run, failed, max_attempts, backoff, lease)


def kind_of(item: WorkItem) -> Kind:
    for kind in kinds.values():
        if type(item) is kind.model:
            return kind
    raise LookupError(f"Nobody registered the work of {type(item).__name__}.")
