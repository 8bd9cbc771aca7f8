"""Who comes into the admin, and what the others see."""

import pytest
from django.test import Client

from accounts.services import people
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples


@pytest.fixture
def customer(db: None) -> Client:
    return samples.signed_in(people.create(email="c@customer.example", password=samples.PASSWORD, by=SYSTEM))


def test_a_stranger_is_sent_to_the_one_sign_in_and_back(client: Client, db: None) -> None:
    answer = client.get("/admin/moderation/site/", follow=True)

    assert answer.redirect_chain[-1] == ("/login?next=%2Fadmin%2Fmoderation%2Fsite%2F", 302)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/moderation/decision/", "/admin/nothing/", "/admin/login/"]
)
def test_a_customer_gets_a_page_that_says_why_and_no_circle(address: str, customer: Client) -> None:
    answer = customer.get(address, follow=True)

    assert answer.status_code == 404
    assert len(answer.redirect_chain) <= 1
    assert "c@customer.example is not one of them." in answer.text


def test_a_customer_cannot_act_in_the_admin(customer: Client) -> None:
    made = samples.world("First")

    customer.post(f"/admin/moderation/server/{made.server.pk}/check_one/", {"_form_submitted": "True"})

    with tenancy.staff():
        made.server.refresh_from_db()
    assert made.server.last_checked_at is None


def test_staff_at_the_sign_in_of_the_admin_come_in(db: None) -> None:
    client = samples.signed_in(samples.staff_person())

    assert client.get("/admin/login/", follow=True).request["PATH_INFO"] == "/admin/"


def test_a_disabled_staff_person_is_out_at_the_next_request(db: None) -> None:
    person = samples.staff_person()
    client = samples.signed_in(person)
    with tenancy.staff():
        person.is_active = False
        person.save()

    assert client.get("/admin/").status_code == 302


def test_signing_out_of_the_admin_leads_to_the_one_sign_in(db: None) -> None:
    client = samples.signed_in(samples.staff_person())

    answer = client.post("/admin/logout/")

    assert answer.headers["Location"] == "/login"
    assert client.get("/admin/").status_code == 302
