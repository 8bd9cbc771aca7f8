import pytest
from django.test import Client

from accounts.models import Role
from accounts.services import people
from musenest.common.actors import SYSTEM
from tests.samples import PASSWORD, Customer, customer, member, signed_in

pytestmark = pytest.mark.django_db


def test_login_leads_to_the_first_organization(acme: Customer) -> None:
    client = Client()
    assert client.get("/login").status_code == 200
    response = client.post("/login", {"email": acme.owner.email.upper(), "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1] == (acme.url(), 302)
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/o/acme/sites", "/o/acme/sites"),
        ("https://evil.example/", "/dashboard"),
        ("//evil.example/", "/dashboard"),
        ("/\\evil.example/", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("x", "/dashboard"),
        ("api-sites", "/dashboard"),
        ("%2500", "/dashboard"),
        ("[::", "/dashboard"),
        ("", "/dashboard"),
    ],
)
def test_login_goes_on_only_to_ourselves(acme: Customer, wanted: str, leads_to: str) -> None:
    form = {"email": acme.owner.email, "password": PASSWORD, "next": wanted}
    assert Client().post("/login", form).headers["Location"] == leads_to


def test_login_carries_next_through_a_mistake(acme: Customer) -> None:
    form = {"email": acme.owner.email, "password": "wrong", "next": "/o/acme/sites"}
    response = Client().post("/login", form)
    assert 'value="/o/acme/sites"' in response.text


@pytest.mark.parametrize(
    ("email", "password"),
    [("owner", "wrong"), ("nobody@people.test", PASSWORD), ("not an address", PASSWORD)],
)
def test_login_with_a_mistake_is_422_and_starts_no_session(acme: Customer, email: str, password: str) -> None:
    client = Client()
    address = acme.owner.email if email == "owner" else email
    assert client.post("/login", {"email": address, "password": password}).status_code == 422
    assert client.get("/organizations").headers["Location"].startswith("/login")


def test_login_says_the_same_for_unknown_and_wrong(acme: Customer) -> None:
    texts = set()
    for email in (acme.owner.email, "nobody@people.test"):
        response = Client().post("/login", {"email": email, "password": "wrong"})
        texts.add(str(response.context["form"].non_field_errors()))
    assert len(texts) == 1


def test_login_of_somebody_signed_in_goes_on(acme: Customer) -> None:
    assert acme.client.get("/login?next=/o/x/").headers["Location"] == "/o/x/"


def test_logout_ends_the_session(acme: Customer) -> None:
    assert acme.client.get("/logout").status_code == 405
    assert acme.client.post("/logout").headers["Location"] == "/login"
    assert acme.client.get(acme.url()).headers["Location"].startswith("/login")


def test_home_without_organization_says_what_to_do() -> None:
    person = people.create(email="alone@people.test", password=PASSWORD, by=SYSTEM)
    response = signed_in(person).get("/")
    assert response.status_code == 200
    assert "You belong to no organisation yet" in response.text


def test_home_of_staff_without_organization_is_the_admin() -> None:
    person = people.create(email="staff@people.test", password=PASSWORD, by=SYSTEM, is_staff=True)
    assert signed_in(person).get("/").headers["Location"] == "/admin/"


def test_switcher_lists_own_organizations_only(acme: Customer) -> None:
    other = customer("Borealis")
    response = acme.client.get(f"/organizations?current={acme.organization.slug}")
    assert acme.url() in response.text
    assert 'aria-current="true"' in response.text
    assert "Borealis" not in response.text
    assert "Borealis" in other.client.get("/organizations").text


def test_switcher_is_a_members_too(acme: Customer) -> None:
    assert acme.url() in member(acme, Role.VIEWER).get("/organizations").text


def test_switcher_for_a_stranger_leads_to_the_sign_in() -> None:
    assert Client().get("/organizations").headers["Location"].startswith("/login")
