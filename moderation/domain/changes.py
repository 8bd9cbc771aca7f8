"""What differs between two configurations, one line for each value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# The source of what no document says itself: a figure that was translated, a value that is gone.
DERIVED = "derived"


@dataclass(frozen=True)
class Change:
    """One value that differs; None stands for a value that is not there."""

    path: str
    before: Any
    after: Any
    source: str

    def payload(self) -> dict[str, Any]:
        return {"path": self.path, "before": self.before, "after": self.after, "source": self.source}


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[Change, ...]:
    """Every value that was changed, added or removed, sorted by its dotted path; a list is one value.

    `7` and `7.0` do not differ, `1` and true do, an absent value and null do not. `sources` is
    `Effective.sources` of `after`; where it is silent the source is `derived`.
    """
    found = sorted(_differing(before, after, ""), key=lambda item: item[0])
    return tuple(Change(path, old, new, sources.get(path, DERIVED)) for path, old, new in found)


def _differing(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Any, Any]]:
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old is new:
            continue
        path = f"{prefix}{key}"
        if _is_object(old) and _is_object(new):
            yield from _differing(old or {}, new or {}, f"{path}.")
        elif not _same(old, new):
            yield path, old, new


def _is_object(value: object) -> bool:
    """An absent object is an empty one, so that what it would hold is told value by value."""
    return value is None or isinstance(value, Mapping)


def _same(old: object, new: object) -> bool:
    # For Python 1 == True, for the digest they are two.
    return old == new and isinstance(old, bool) == isinstance(new, bool)
