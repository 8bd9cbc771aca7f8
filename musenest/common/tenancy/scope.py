"""The scope of the queries that follow: nobody's, a person's, an organisation's, or staff's.

It lives in a context variable; `musenest.common.postgres` tells PostgreSQL before the next query. Scopes nest
and restore.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

STAFF_ROLE = "musenest_staff"


@dataclass(frozen=True, slots=True)
class Scope:
    """What PostgreSQL is told: the role to switch to and the two settings that the policies read."""

    is_staff: bool = False
    organization: UUID | None = None
    person: UUID | None = None

    @property
    def settings(self) -> tuple[str, str, str]:
        """(role, musenest.organization, musenest.person), as text; `none` is PostgreSQL's word for the role
        that connected.
        """
        return (
            STAFF_ROLE if self.is_staff else "none",
            str(self.organization or ""),
            str(self.person or ""),
        )


NOBODYS = Scope()
# Told by nobody: the statement itself enters a scope (`musenest.common.postgres.reads.Entry`).
OF_THE_STATEMENT = Scope()
_scope: ContextVar[Scope] = ContextVar("musenest_scope", default=NOBODYS)


def current() -> Scope:
    return _scope.get()


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


def organization(pk: UUID, *, person: UUID | None = None) -> AbstractContextManager[Scope]:
    """Rows of one organisation. Keeps the person of the scope around it unless one is named."""
    return entered(Scope(organization=pk, person=person or current().person))


def person(pk: UUID) -> AbstractContextManager[Scope]:
    """Rows of one person, before an organisation is chosen."""
    return entered(Scope(person=pk))


def staff() -> AbstractContextManager[Scope]:
    """All rows. For what has no tenant yet or has all of them."""
    return entered(replace(current(), is_staff=True))
