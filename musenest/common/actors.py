"""Who does something: what services take as `by` and what the audit trail records."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["person", "api_key", "system"]


@dataclass(frozen=True)
class Actor:
    """A person, an API key or the system itself; `label` (an e-mail address, a key's name) outlives the row
    behind `id`.
    """

    kind: ActorKind
    id: str
    label: str
    is_staff: bool = False


SYSTEM = Actor(kind="system", id="", label="MuseNest")
