from uuid import uuid4

from accounts.models import Person
from accounts.services import people
from musenest.common import tenancy
from musenest.common.actors import Actor

PASSWORD = "correct horse battery staple"
MAKER = Actor(kind="system", id="", label="samples")  # so that a trail tells its rows from those of a test


def person(email: str = "", *, is_staff: bool = False, is_active: bool = True) -> Person:
    """Of no organisation; the address is verified."""
    email = email or f"{uuid4().hex[:12]}@people.test"
    made = people.create(email=email, password=PASSWORD, by=MAKER, is_staff=is_staff)
    with tenancy.staff():
        Person.objects.filter(pk=made.pk).update(is_active=is_active)
        made.refresh_from_db()  # the address that counts as verified was noted on its way in
    return made


def staff_person(email: str = "staff@musenest.example") -> Person:
    return person(email, is_staff=True)
