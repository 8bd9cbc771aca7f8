"""People who read another language than English."""

from accounts.models import Person
from musenest.common import tenancy
from tests.samples.organizations import Customer


def in_german(of: Customer) -> None:
    """The owner reads German from now on."""
    with tenancy.staff():
        Person.objects.filter(pk=of.owner.pk).update(locale="de")
