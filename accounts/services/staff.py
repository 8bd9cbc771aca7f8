"""The operator's own people."""

from django.db import IntegrityError

from accounts.models import Person
from accounts.services import people
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError


def appoint(*, email: str, password: str, by: Actor, name: str = "") -> Person:
    """Make a person with every right of the admin, and record it (`people.create`).

    Raises InvalidError for a password that is too weak, ConflictError `EMAIL_TAKEN` for a known address:
    nobody becomes staff by a command that was mistyped.
    """
    address = email.strip().lower()
    people.refuse_weak(password, Person(email=address, name=name))
    try:
        return people.create(email=address, password=password, name=name, is_staff=True, by=by)
    except IntegrityError as error:
        raise ConflictError("This address is registered already.", code="EMAIL_TAKEN") from error
