"""A new site's identifier where nobody typed one."""

import pytest

from tests.samples import Customer, customer
from tests.samples.languages import in_german

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return customer("Acme")


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Acme Family", "acme-family"),
        ("  Café_München & Söhne ", "cafe-munchen-sohne"),
        ("a" * 120, "a" * 100),
        ("-- 7 --", "7"),
    ],
)
def test_identifier_follows_the_name(acme: Customer, name: str, identifier: str) -> None:
    form = {"site_name": name, "site_identifier": "", "industry_template": "marketplace"}
    response = acme.client.post(acme.url("new-site"), form)
    assert response.headers["Location"] == acme.url(f"sites/{identifier}")


def test_name_without_letters_of_identifiers_asks_for_one(acme: Customer) -> None:
    form = {"site_name": "猫", "site_identifier": "", "industry_template": "marketplace"}
    response = acme.client.post(acme.url("new-site"), form)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["site_identifier"]


def test_identifier_of_a_name_that_is_taken_is_refused_at_its_field(acme: Customer) -> None:
    form = {"site_name": "Shop", "site_identifier": "", "industry_template": "marketplace"}
    acme.client.post(acme.url("new-site"), form)
    in_german(acme)
    response = acme.client.post(acme.url("new-site"), form)
    assert response.context["form"].errors["site_identifier"] == [
        "Die Kennung shop ist in dieser Organisation schon vergeben."
    ]


def test_stranger_makes_none(acme: Customer) -> None:
    borealis = customer("Borealis")
    form = {"site_name": "Shop", "site_identifier": "", "industry_template": "marketplace"}
    assert borealis.client.post(acme.url("new-site"), form).status_code == 404
