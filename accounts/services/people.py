"""Making people."""

from django.db import transaction

from accounts.models import Person
from accounts.services import audit
from musenest.common import tenancy
from musenest.common.actors import Actor


def create(*, email: str, password: str, by: Actor, name: str = "", is_staff: bool = False) -> Person:
    """Make a person who can sign in, and record it. Staff get every right of the admin."""
    with tenancy.staff(), transaction.atomic():
        person = Person.objects.create_user(
            email, password, name=name, is_staff=is_staff, is_superuser=is_staff
        )
        audit.record("person.created", by=by, target=person, organization=None)
    return person
