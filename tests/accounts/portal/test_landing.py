import pytest
from django.test import Client

from tests.samples import customer

pytestmark = pytest.mark.django_db


def test_landing_tells_what_it_is_and_what_it_does_not() -> None:
    response = Client().get("/")
    assert response.status_code == 200
    for words in ("that you can explain", "does not detect known abuse material", "estimate anybody's age"):
        assert words in response.text.replace("&#x27;", "'")


def test_landing_sends_a_member_to_the_overview() -> None:
    acme = customer()
    assert acme.client.get("/").headers["Location"] == acme.url()
