"""Reading checkpoints, and asking whether the audit trail still holds what they say.

The trail's own seals find whatever was changed inside a chain, but not that its newest links were cut off
together with their events: only what left the database before can tell.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from accounts.models import AuditSeal
from musenest.common import chain

# In the place of a seal before it, so that no checkpoint passes for a link and no link for a checkpoint.
SIGNED_AS = "checkpoint"
FILES = "checkpoint-*.json"
LINKS_AT_ONCE = 200

Link = tuple[UUID | None, int, str]


class UnreadableCheckpointError(Exception):
    """A file is not what was written: cut, changed, or signed with another key."""


@dataclass(frozen=True)
class Checkpoint:
    """The ends of the chains that moved since the checkpoint before: (organisation, number, seal)."""

    number: int
    made_at: str
    previous: str
    last_id: int
    last_seal: str
    chains: tuple[Link, ...]
    signature: str = ""

    @property
    def file_name(self) -> str:
        return f"checkpoint-{self.number:010}.json"

    def content(self) -> dict[str, Any]:
        chains = [[str(who) if who else None, sequence, seal] for who, sequence, seal in self.chains]
        return {
            "number": self.number,
            "made_at": self.made_at,
            "previous": self.previous,
            "last_id": self.last_id,
            "last_seal": self.last_seal,
            "chains": chains,
        }

    def document(self, *, key: str) -> dict[str, Any]:
        """What stands in the file: the content and its signature."""
        return self.content() | {"signature": chain.seal(self.content(), SIGNED_AS, key=key)}


def newest(folder: Path) -> Checkpoint | None:
    """Raises UnreadableCheckpointError where it is not what was written."""
    found = max(folder.glob(FILES), default=None)
    return read(found) if found else None


def read(path: Path) -> Checkpoint:
    """The checkpoint in the file; raises UnreadableCheckpointError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        signature = document.pop("signature")
        chains = tuple((UUID(who) if who else None, number, seal) for who, number, seal in document["chains"])
        found = Checkpoint(**{**document, "chains": chains, "signature": signature})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableCheckpointError(f"{path.name} is damaged") from error
    if not chain.is_intact(signature, found.content(), SIGNED_AS, key=settings.SEAL_KEY):
        raise UnreadableCheckpointError(f"{path.name} was changed, or signed with another key")
    return found


def breaks(folder: Path) -> Iterator[str]:
    """Every checkpoint that the trail does not bear out, and every one that is missing, in words.

    Runs as staff. The oldest may have been removed; from the first one that is there on, all must be.
    """
    before: Checkpoint | None = None
    for path in sorted(folder.glob(FILES)):
        try:
            found = read(path)
        except UnreadableCheckpointError as error:
            yield f"{error}."
            before = None
            continue
        if before and (found.number, found.previous) != (before.number + 1, before.signature):
            yield f"{path.name} does not follow {before.file_name}: checkpoints are missing."
        for start in range(0, len(found.chains), LINKS_AT_ONCE):
            yield from missing_links(path.name, found.chains[start : start + LINKS_AT_ONCE])
        before = found


def missing_links(name: str, links: tuple[Link, ...]) -> Iterator[str]:
    asked = reduce(or_, (Q(organization_id=who, sequence=sequence) for who, sequence, _ in links))
    rows = AuditSeal.objects.filter(asked).values_list("organization_id", "sequence", "seal")
    there = {(who, sequence): seal for who, sequence, seal in rows}
    for who, sequence, seal in links:
        if there.get((who, sequence)) != seal:
            problem = "is another one" if (who, sequence) in there else "is gone"
            yield f"{name}: link {sequence} of {who or 'the platform'} {problem}."


def count(folder: Path) -> int:
    return sum(1 for _ in folder.glob(FILES))
