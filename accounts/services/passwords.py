"""Changing a person's password."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.services import audit, devices, notifications, people, sessions, sign_ins, tokens
from musenest.common import tenancy
from musenest.common.errors import InvalidError


def change(*, person: Person, password: str) -> None:
    """Give the person this password, and record it. Every session but the one that asks ends by it (Django
    compares the hash), and so does every sign-in of programs.
    """
    with tenancy.staff(), transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password", "updated_at"])
        tokens.end_all(person, "password changed", by=person.actor)
        audit.record("password.changed", by=person.actor, target=person, organization=None)


def change_own(
    *, request: Any, person: Person, password: str, current_password: str = "", keeps_session: bool
) -> None:
    """As `change`, for who knows the current password, if there is one: a try that is noted and limited like
    those to sign in. The person is told by e-mail. `keeps_session`: the request is of a session, which lives
    on.

    Raises InvalidError `PASSWORD_WRONG`, `PASSWORD_WEAK`, LimitError after too many tries.
    """
    had_one = person.has_usable_password()
    if had_one and not is_right(request=request, person=person, password=current_password):
        raise wrong()
    with tenancy.staff(), transaction.atomic():
        people.refuse_weak(password, person)
        change(person=person, password=password)
        tell(request, person, "password_changed" if had_one else "password_set")
    if keeps_session:
        sessions.keep(request=request, person=person)


def is_right(*, request: Any, person: Person, password: str) -> bool:
    """Whether it is the password of somebody signed in who is asked once more; noted. Raises LimitError after
    too many tries.
    """
    found = sign_ins.by_password(request=request, email=person.email, password=password, is_again=True)
    return found is not None and found.pk == person.pk


def wrong() -> InvalidError:
    said = "The current password is wrong."
    return InvalidError(
        said,
        code="PASSWORD_WRONG",
        details={
            "errors": [{"path": "current_password", "code": "PASSWORD_WRONG", "message": said}],
            "field": "current_password",
            "reason": said,
        },
    )


def tell(request: Any, person: Person, what: str) -> None:
    client = devices.client_of(request)
    told = {
        "what": what,
        "at": f"{timezone.now():%Y-%m-%d %H:%M} UTC",
        "ip": client.address,
        "agent": client.agent,
    }
    notifications.send(template="security_notice", person=person, address=person.email, context=told)
