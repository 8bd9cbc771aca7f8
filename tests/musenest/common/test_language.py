"""Which language a page speaks."""

import pytest
from django.test import Client

from accounts.models import Person
from musenest.common import tenancy
from tests.samples import customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("de-AT,en;q=0.5", "de"), ("fr", "en"), ("fr,de;q=0.3", "de"), ("", "en"), ("*", "en")],
)
def test_who_is_not_signed_in_is_spoken_to_as_the_browser_asks(wanted: str, spoken: str) -> None:
    response = Client().get("/login", headers={"accept-language": wanted})
    assert response.headers["Content-Language"] == spoken
    assert f'lang="{spoken}"' in response.text
    assert "Accept-Language" in response.headers["Vary"]


def test_the_persons_setting_wins() -> None:
    acme = customer()
    with tenancy.staff():
        Person.objects.filter(pk=acme.owner.pk).update(locale="de")
    response = acme.client.get(acme.url(), headers={"accept-language": "en"})
    assert response.headers["Content-Language"] == "de"


def test_programs_are_answered_in_english() -> None:
    response = Client().get("/api/subscription", headers={"accept-language": "de"})
    assert "Content-Language" not in response.headers


def test_the_page_about_the_api_is_a_page() -> None:
    response = Client().get("/api/docs", headers={"accept-language": "de"})
    assert response.headers["Content-Language"] == "de"
    assert 'lang="de"' in response.text
    assert "Accept-Language" in response.headers["Vary"]
