"""Where a person is signed in: with a browser, which has a session, or with a program, which has a family of
refresh tokens. In the person's own scope.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal.sessionkit import get_session_user
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Person, RefreshFamily

BROWSER, PROGRAM = "browser", "program"
MOST = 100


@dataclass(frozen=True)
class Session:
    id: str
    kind: str
    address: str | None
    agent: str
    began_at: datetime
    last_used_at: datetime
    is_current: bool


def of_person(person: Person, *, current: str) -> list[Session]:
    """What counts now, the one that was used last first; a hundred at most. `current` says who asks: a
    session's key, or the id of a family.
    """
    browsers = UserSession.objects.filter(user=person)
    programs = RefreshFamily.objects.alive().filter(person=person).order_by("-rotated_at")[:MOST]
    found = [of_browser(each, current) for each in browsers if is_alive(each)] + [
        of_program(each, current) for each in programs
    ]
    return sorted(found, key=lambda each: each.last_used_at, reverse=True)[:MOST]


def is_alive(session: UserSession) -> bool:
    """Whether it is still there, and of somebody whom it signs in."""
    return get_session_user(SessionStore(session.session_key)) is not None


def of_browser(session: UserSession, current: str) -> Session:
    return Session(
        id=str(session.pk),
        kind=BROWSER,
        address=session.ip,
        agent=session.user_agent,
        began_at=session.created_at,
        last_used_at=session.last_seen_at,
        is_current=session.session_key == current,
    )


def of_program(family: RefreshFamily, current: str) -> Session:
    return Session(
        id=str(family.pk),
        kind=PROGRAM,
        address=family.address,
        agent=family.agent,
        began_at=family.created_at,
        last_used_at=family.rotated_at,
        is_current=str(family.pk) == current,
    )
