"""What one has already is not sent again."""

import pytest

from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return samples.customer("acme")


@pytest.mark.parametrize("path", ["/api/subscription", api.SITES, api.TIERS, "/api/schema"])
def test_what_is_still_the_same_is_304_without_a_body(acme: Customer, path: str) -> None:
    client = api.owner(acme)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200
    assert client.get(path, headers={"If-None-Match": f"W/{first['ETag']}"}).status_code == 304


def test_what_changed_is_sent(acme: Customer) -> None:
    site = samples.site(acme)
    client, one = api.owner(acme), f"{api.SITES}/{site.site_identifier}"
    seen = client.get(one)["ETag"]
    listed = client.get(api.SITES)["ETag"]

    saved = client.patch(one, {"site_name": "Another"}, headers={"If-Match": seen})
    assert saved.status_code == 200, "the ETag of reading is good for saving"
    assert client.patch(one, {"site_name": "Lost"}, headers={"If-Match": seen}).status_code == 409
    assert client.get(one, headers={"If-None-Match": seen}).status_code == 200
    assert client.get(api.SITES, headers={"If-None-Match": listed}).status_code == 200


def test_a_change_that_is_no_save_shows_too(acme: Customer) -> None:
    samples.server()
    site = samples.site(acme)
    client, one = api.owner(acme), f"{api.SITES}/{site.site_identifier}"
    seen = client.get(one)["ETag"]
    samples.deployed(acme, "second")
    assert client.get(one, headers={"If-None-Match": seen}).status_code == 304
    client.post(f"{one}/deploy")
    answer = client.get(one, headers={"If-None-Match": seen})
    assert answer.status_code in (200, 304)
    assert (answer.status_code == 304) == (client.get(one)["ETag"] == seen)


def test_another_answer_has_another_etag(acme: Customer) -> None:
    client = api.owner(acme)
    everything, sparse = client.get("/api/subscription"), client.get("/api/subscription?fields=tier")
    stranger = api.owner(samples.customer("other", tier="free")).get("/api/subscription")

    assert len({answer["ETag"] for answer in (everything, sparse, stranger)}) == 3


def test_an_answer_may_be_kept_by_who_asked_only(acme: Customer) -> None:
    assert api.owner(acme).get("/api/subscription")["Cache-Control"] == "private, no-cache"


def test_errors_have_none(acme: Customer) -> None:
    assert "ETag" not in api.owner(acme).get(f"{api.SITES}/nowhere")
    assert "ETag" not in api.owner(acme).post(f"{api.SITES}/nowhere/plan")
