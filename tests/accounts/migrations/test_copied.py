"""What rows from before a column get when it comes."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from accounts.models import ApiKey, Person
from accounts.services import api_keys
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples

pytestmark = pytest.mark.django_db


def copy(migration: str) -> None:
    import_module(f"accounts.migrations.{migration}").copy(apps, None)


def test_who_had_proven_the_address_counts_as_verified() -> None:
    proven, unproven, none = samples.person(), samples.person(), samples.person()
    with tenancy.staff():
        EmailAddress.objects.filter(user=unproven).update(verified=False)
        EmailAddress.objects.filter(user=none).delete()
        Person.objects.update(verified_email="")

    copy("0005_verified_addresses")

    with tenancy.staff():
        verified = {person.pk for person in Person.objects.all() if person.is_verified}
    assert verified == {proven.pk}


def test_who_was_made_before_there_was_registration_counts_as_verified() -> None:
    """Who registered and never proved the address has a row that says so, and stays what they are."""
    first, unproven, clashing = samples.person(), samples.person(), samples.person()
    with tenancy.staff():
        EmailAddress.objects.filter(user__in=(first, clashing)).delete()
        EmailAddress.objects.filter(user=unproven).update(verified=False, email=clashing.email)
        EmailAddress.objects.create(user=samples.person(), email=clashing.email, verified=True, primary=False)
        Person.objects.update(verified_email="")

    copy("0009_addresses_of_the_first_people")

    with tenancy.staff():
        assert {person.pk for person in Person.objects.all() if person.is_verified} == {first.pk}
        (own,) = EmailAddress.objects.filter(user=first)
        assert (own.email, own.verified, own.primary) == (first.email, True, True)


def test_keys_are_of_whom_their_name_says() -> None:
    acme = samples.customer("Acme")
    with acme.scope():
        for name, by in (("person's", acme.owner.actor), ("system's", SYSTEM)):
            api_keys.create(organization=acme.organization, name=name, scopes=["analyze"], by=by)
        ApiKey.objects.update(maker=None)

    copy("0006_makers_of_keys")

    with acme.scope():
        makers = dict(ApiKey.objects.values_list("name", "maker"))
    assert makers == {"person's": acme.owner.pk, "system's": None}
