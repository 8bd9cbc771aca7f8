"""A staff person who sees an organisation's pages as one of its members does: to look, never to act.

It is kept in the staff person's session and ends by one click, with the session, or after an hour. Accounts
begins and ends it (an audit row each) and puts what is going on on `request.impersonation`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.http import HttpRequest
from django.utils import timezone

LASTS = timedelta(minutes=60)
SESSION_KEY = "impersonation"
# Reading only; nothing of child safety and nothing of keys, whatever the member may.
PERMISSIONS = frozenset(
    {"sites:read", "decisions:read", "billing:read", "analytics:read", "members:read", "audit:read"}
)


@dataclass(frozen=True)
class Impersonation:
    """Whose eyes, in which organisation (ids and what people call them), why, and until when."""

    membership: int
    organization_id: str
    slug: str
    organization: str
    member: str
    reason: str
    until: datetime
    # What the audit rows of its two ends have in common; empty in sessions that know of none yet.
    key: str = ""

    @property
    def is_over(self) -> bool:
        return self.until <= timezone.now()

    def kept(self) -> dict[str, Any]:
        """As the session keeps it."""
        return asdict(self) | {"until": self.until.isoformat()}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        return cls(**{**kept, "until": datetime.fromisoformat(kept["until"])})


def of(request: HttpRequest) -> Impersonation | None:
    """What goes on in this request, if anything."""
    found = getattr(request, "impersonation", None)
    return found if isinstance(found, Impersonation) else None
