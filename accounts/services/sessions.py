"""Signing in and out, in the portal (a session) and for programs (tokens)."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from accounts.models import Person
from accounts.services import audit, tokens
from musenest.common import tenancy
from musenest.common.errors import NotSignedInError


def check(*, email: str, password: str, request: HttpRequest | None = None) -> Person:
    """The person with this address and password. Raises NotSignedInError, the same for an unknown address, a
    wrong password and a disabled person.
    """
    person = authenticate(request, username=email.strip().lower(), password=password)
    if not isinstance(person, Person):
        raise NotSignedInError("E-mail address or password is wrong.", code="SIGN_IN_FAILED")
    return person


def begin(*, request: HttpRequest, email: str, password: str) -> Person:
    """Sign a person in to the portal: check, start the session with a new key, record it."""
    person = check(email=email, password=password, request=request)
    with tenancy.staff():
        login(request, person)
        audit.record("session.started", by=person.actor, target=person, organization=None)
    return person


def begin_tokens(*, email: str, password: str) -> tokens.Pair:
    """Sign a program in: check, start a refresh family, record it."""
    person = check(email=email, password=password)
    with tenancy.staff():
        audit.record("tokens.started", by=person.actor, target=person, organization=None)
    return tokens.begin(person)


def end(*, request: HttpRequest) -> None:
    """Sign the person out of the portal and forget the session."""
    with tenancy.staff():
        if isinstance(request.user, Person):
            audit.record("session.ended", by=request.user.actor, target=request.user, organization=None)
        logout(request)
