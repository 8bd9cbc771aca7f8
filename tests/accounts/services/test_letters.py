"""What a stranger can have us write to somebody's letter box: a few in an hour."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Notification
from accounts.services import invitations, notifications
from musenest.common import rates, tenancy
from musenest.common.errors import LimitError
from tests import samples
from tests.samples import PASSWORD, Customer, api, customer, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limited")]

MOST = rates.LETTERS.amount


def written(template: str) -> int:
    with tenancy.staff():
        return Notification.objects.filter(template=template).count()


def test_who_is_registered_already_is_told_five_times_an_hour(settings: Settings) -> None:
    settings.EMAIL_VERIFICATION = settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    victim = samples.person()
    for number in range(MOST + 3):
        body = {"email": victim.email.upper() if number % 2 else victim.email, "password": PASSWORD}
        answer = api.anonymous().post("/api/auth/register", body, REMOTE_ADDR=f"192.0.2.{number}")
        assert answer.status_code == 202
        form = {"email": victim.email, "password1": PASSWORD}
        page = Client(REMOTE_ADDR=f"198.51.100.{number}").post("/register", form)
        assert page["Location"] == "/verify"

    assert written("registered_already") == MOST


def test_links_to_a_new_password_are_few_too(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password": None}  # allauth's own
    victim = samples.person()
    for number in range(MOST + 3):
        asking = Client(REMOTE_ADDR=f"192.0.2.{number}")
        asking.post("/reset-password", {"email": victim.email})

    assert written("reset_password") == MOST


def test_an_address_that_many_ask_for_gets_few_links_and_nobody_learns_it() -> None:
    for number in range(MOST + 3):
        client = signed_in(samples.person())
        form = {"action_add": "1", "email": "wanted@people.test"}
        assert client.post("/settings/security/email", form).status_code == 302, number

    assert written("verify_email") <= MOST


def test_many_organizations_do_not_fill_a_letter_box() -> None:
    for number in range(MOST + 1):
        of = customer(f"Acme {number}")
        with of.scope():
            if number == MOST:
                with pytest.raises(LimitError, match="several times"):
                    invite(of)
            else:
                invite(of)

    assert written("invitation") == MOST


def invite(of: Customer) -> None:
    invitations.invite(organization=of.organization, email="v@people.test", role="viewer", by=of.owner.actor)


def test_another_address_and_another_letter_are_counted_apart() -> None:
    for _ in range(MOST):
        notifications.send(template="registered_already", address="a@people.test")
    with pytest.raises(LimitError):
        notifications.send(template="registered_already", address="A@people.test")

    notifications.send(template="registered_already", address="b@people.test")
    notifications.send(template="reset_password", address="a@people.test")
    for _ in range(MOST + 1):
        notifications.send(template="security_notice", address="a@people.test")
