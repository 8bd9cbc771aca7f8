"""Signing in and out, in the portal (a session) and for programs (tokens)."""

import re
from datetime import timedelta
from functools import lru_cache
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Person
from accounts.services import audit, devices, registrations, second_factors, sign_ins, tokens
from musenest.common import tenancy
from musenest.common.errors import DeniedError, NotFoundError, NotSignedInError

BACKEND = "accounts.services.authentication.EmailBackend"
NOTED_EVERY = timedelta(minutes=5)
OF_BROWSER = re.compile(r"[0-9]{1,18}")


def check(*, request: Any, email: str, password: str) -> Person:
    """The person with this address and password. Raises NotSignedInError, the same for an unknown address, a
    wrong password and a disabled person, and LimitError after too many tries.
    """
    person = sign_ins.by_password(request=request, email=email, password=password)
    if person is None:
        raise NotSignedInError("E-mail address or password is wrong.", code="SIGN_IN_FAILED")
    return person


def begin(*, request: HttpRequest, person: Person) -> None:
    """Start the session of a person who has shown all that is asked, with a new key; recorded and noted."""
    with tenancy.staff():
        login(request, person, backend=BACKEND)
        audit.record("session.started", by=person.actor, target=person, organization=None)
        sign_ins.succeed(request=request, person=person, method=methods_of(request, person))


def methods_of(request: HttpRequest, person: Person) -> str:
    """By what the person has signed in: `password + totp`."""
    names = {"mfa": "type", "socialaccount": "provider"}
    records = get_authentication_records(request, person)
    words = [str(record.get(names.get(record["method"], ""), record["method"])) for record in records]
    return " + ".join(dict.fromkeys(words))[:40] or "registration"


def begin_tokens(*, request: Any, email: str, password: str, code: str = "") -> tokens.Pair:
    """Sign a program in: check, ask for the second factor of who has one, start a refresh family, record it.

    Raises NotSignedInError `SECOND_FACTOR_NEEDED` without `code` (an authenticator app's or a recovery code),
    DeniedError with the same code for staff who have no second factor yet, and `EMAIL_UNVERIFIED` where the
    address must be proven and is not.
    """
    person = check(request=request, email=email, password=password)
    registrations.refuse_unproven(person)
    method = "tokens: password"
    with tenancy.staff():
        has_factor = second_factors.has_one(person)
    if has_factor:
        refuse_without_code(request, person, code)
        method = "tokens: password, code"
    elif second_factors.must_have_one(person):
        raise DeniedError(
            "Staff need a second factor. Set one up in the portal, under Security.",
            code="SECOND_FACTOR_NEEDED",
        )
    sign_ins.succeed(request=request, person=person, method=method)
    with tenancy.staff():
        audit.record("tokens.started", by=person.actor, target=person, organization=None)
    return tokens.begin(person, client=devices.client_of(request))


def refuse_without_code(request: Any, person: Person, code: str) -> None:
    if not code:
        raise NotSignedInError(
            "Send `code`, too: of your authenticator app, or a recovery code.", code="SECOND_FACTOR_NEEDED"
        )
    if sign_ins.by_code(request=request, person=person, code=code) is None:
        raise NotSignedInError("The code is wrong or was used before.", code="SIGN_IN_FAILED")


def end(*, request: HttpRequest) -> None:
    """Sign the person out of the portal and forget the session."""
    with tenancy.staff():
        if isinstance(request.user, Person):
            audit.record("session.ended", by=request.user.actor, target=request.user, organization=None)
            UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)


@lru_cache(maxsize=4096)
def note_use(session_key: str, span: int) -> None:
    """Note that the session is used in this span of time, once in each process. In the person's scope."""
    now = timezone.now()
    UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - NOTED_EVERY).update(
        last_seen_at=now
    )


def end_one(*, person: Person, session: str) -> None:
    """End one sign-in of the person, of a browser or a program, by its id in `selectors.sessions`; recorded.
    It counts from the next request on. Raises NotFoundError for what is not theirs.
    """
    with tenancy.staff(), transaction.atomic():
        end_it = end_browser if OF_BROWSER.fullmatch(session) else tokens.end_one
        if not end_it(person, session):
            raise NotFoundError("This session has ended already.", code="SESSION_UNKNOWN")


def end_browser(person: Person, pk: str) -> bool:
    session = UserSession.objects.select_for_update().filter(user=person, pk=pk).first()
    if session is None:
        return False
    session.end()
    audit.record("session.ended_elsewhere", by=person.actor, target=person, organization=None)
    return True


def end_others(*, request: HttpRequest, person: Person) -> int:
    """End every session of the person but this one, and every sign-in of programs; recorded. How many."""
    ended = end_everything(person, "signed out elsewhere", but=request.session.session_key or "")
    keep(request=request, person=person)
    return ended


def keep(*, request: HttpRequest, person: Person) -> None:
    """Let this session live on, by a new key, after a change that ends all others."""
    before = request.session.session_key
    with tenancy.staff():
        update_session_auth_hash(request, person)
        UserSession.objects.filter(user=person, session_key=before).update(
            session_key=request.session.session_key
        )


def end_all(*, request: HttpRequest, person: Person) -> int:
    """End every session of the person, this one too, and every sign-in of programs; recorded. How many."""
    ended = end_everything(person, "signed out everywhere")
    with tenancy.staff():
        logout(request)
    return ended


def end_everything(person: Person, reason: str, *, but: str = "") -> int:
    """From the next request on no session (of whatever age) and no token of the person counts any more.
    Returns how many sign-ins that ended, of browsers and of programs.
    """
    with tenancy.staff(), transaction.atomic():
        person.signed_out_at = timezone.now()
        person.save(update_fields=["signed_out_at", "updated_at"])
        sessions, _ = UserSession.objects.filter(user=person).exclude(session_key=but).delete()
        families = tokens.end_all(person, reason, by=person.actor)
        audit.record(
            "session.ended_everywhere",
            by=person.actor,
            target=person,
            organization=None,
            changes={"programs": families},
        )
    ended: int = sessions + families
    return ended


def forget_over() -> int:
    """Delete sessions whose time is over, and what was noted of those that are gone; returns how many of
    these. Runs as staff, by a schedule.
    """
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    is_there = Exists(Session.objects.filter(pk=OuterRef("session_key")))
    return int(UserSession.objects.exclude(is_there).delete()[0])
