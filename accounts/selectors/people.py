"""People, as they see themselves and as staff see them."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person, Profile
from musenest.common import tenancy
from musenest.common.callers import Caller
from musenest.common.errors import NotFoundError
from musenest.common.postgres.reads import Read

PROFILE = Read("SELECT {columns} FROM {profile} WHERE profile.person_id = %(person)s", profile=Profile)


def all_of_them() -> QuerySet[Person]:
    """For staff, in staff's scope."""
    return Person.objects.order_by("-created_at", "-id")


def active_with(email: str) -> list[Person]:
    """Who signs in with this address and is not disabled: one person or nobody."""
    with tenancy.staff():
        return list(Person.objects.filter(email=email.strip().lower(), is_active=True))


def get_for(caller: Caller, pk: UUID) -> Person:
    """Oneself; for staff anybody. NotFoundError otherwise, whether there is such a person or not."""
    found: Person | None = None
    if caller.is_staff:
        with tenancy.staff():
            found = Person.objects.filter(pk=pk).first()
    elif isinstance(caller.person, Person) and caller.person.pk == pk:
        found = caller.person
    if found is None:
        raise NotFoundError("There is no such person.", code="PERSON_UNKNOWN")
    return found


def profile_of(person: Person) -> Profile:
    """The person's profile, in their scope; an empty, unsaved one for somebody who never changed anything."""
    row = PROFILE.first({"person": person.pk})
    profile = row[0] if row else Profile()
    profile.person = person
    return profile
