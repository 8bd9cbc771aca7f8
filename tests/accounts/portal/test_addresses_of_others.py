"""What asking for another person's address gives: nothing, and the other may still verify it."""

import json
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.test import Client

from accounts.models import Notification, Person
from musenest.common import tenancy
from tests.samples import Customer, customer

pytestmark = pytest.mark.django_db

PAGE = "/settings/security/email"


@pytest.fixture
def victim() -> Customer:
    """Somebody who has not verified the address."""
    found = customer("Borealis")
    with tenancy.staff():
        EmailAddress.objects.filter(user=found.owner).update(verified=False)
    return found


def told(email: str) -> list[str]:
    with tenancy.staff():
        return list(Notification.objects.filter(address=email).values_list("template", flat=True))


def ask(of: Customer, email: str) -> tuple[int, str]:
    answer = of.client.post(PAGE, {"email": email, "action_add": "1"})
    return answer.status_code, answer["Location"]


def held_by(of: Customer, email: str) -> EmailAddress:
    """The row that was made before another person registered with this address."""
    with tenancy.staff():
        return EmailAddress.objects.create(user=of.owner, email=email)


def link_to(address: EmailAddress) -> str:
    return f"/verify/{EmailConfirmationHMAC(address).key}"


def test_it_is_answered_alike_and_kept_by_nobody_else(acme: Customer, victim: Customer) -> None:
    email = victim.owner.email

    first, again = ask(acme, email), ask(acme, email)
    assert first == again == ask(acme, "fresh@people.test") == ask(acme, "fresh@people.test")

    assert told(email) == ["registered_already"]
    assert told("fresh@people.test") == ["verify_email"]
    with tenancy.staff():
        assert list(EmailAddress.objects.filter(email=email).values_list("user", flat=True)) == [
            victim.owner.pk
        ]


def test_the_page_afterwards_tells_nothing_either(acme: Customer, victim: Customer) -> None:
    for email in (victim.owner.email, "fresh@people.test"):
        ask(acme, email)
        page = acme.client.get(PAGE).text

        assert page.count(f"{email} is not verified yet.") == 1
        assert page.count("is not verified yet.") == 1
        assert acme.client.post(PAGE, {"email": email, "action_send": "1"})["Location"] == PAGE


def test_a_link_from_before_is_no_longer_good_and_the_other_verifies(
    acme: Customer, victim: Customer
) -> None:
    link, before = link_to(held_by(acme, victim.owner.email)), acme.owner.email
    with tenancy.staff():
        own = EmailAddress.objects.get(user=victim.owner)

    answer = Client().post(link, follow=True)

    assert "no longer good" in answer.text
    assert Client().post(link_to(own)).status_code == 302
    with tenancy.staff():
        assert Person.objects.get(pk=acme.owner.pk).email == before
        assert EmailAddress.objects.get(email=victim.owner.email, verified=True).user == victim.owner


def test_a_forgotten_password_is_the_owners_only(acme: Customer, victim: Customer) -> None:
    held_by(acme, victim.owner.email)

    Client().post("/reset-password", {"email": victim.owner.email})

    with tenancy.staff():
        found = Notification.objects.filter(template="reset_password")
        links = [str(json.loads(message.secrets)["link"]) for message in found]
    assert len(links) == 1
    assert victim.owner.pk.hex in links[0]


def test_the_migration_deletes_them_and_no_others(acme: Customer, victim: Customer) -> None:
    theirs = held_by(acme, victim.owner.email)
    waiting = held_by(acme, "fresh@people.test")
    with tenancy.staff():
        before = set(EmailAddress.objects.values_list("pk", flat=True))

    import_module("accounts.migrations.0004_addresses_of_others").delete(apps, None)

    with tenancy.staff():
        assert set(EmailAddress.objects.values_list("pk", flat=True)) == before - {theirs.pk}
    assert waiting.pk in before


def test_who_owns_an_address_that_another_asked_for_can_register(acme: Customer) -> None:
    ask(acme, "fresh@people.test")

    fields = {"email": "fresh@people.test", "password1": "a-long-enough-word-7", "organization": ""}
    answer = Client().post("/register", fields)

    assert answer.status_code == 302
    with tenancy.staff():
        assert Person.objects.filter(email="fresh@people.test").exists()
