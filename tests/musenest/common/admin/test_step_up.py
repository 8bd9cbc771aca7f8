"""The admin asks again whoever did not prove themselves within the last quarter of an hour."""

from urllib.parse import urlencode

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Membership, Person
from billing.models import Subscription, Tier
from moderation.models import Server
from musenest.common import tenancy
from musenest.common.egress.models import EgressAllowance, is_allowed
from tests import samples
from tests.samples import signed_in

QUARTER_AND_MORE = 16 * 60
ADD_PERSON = "/admin/accounts/person/add/"
ADD_HOST = "/admin/common/egressallowance/add/"
HOSTS = "/admin/common/egressallowance/"
HOST = {"host": "10.1.2.3", "port": 5000, "reason": "Our own machine."}
NEW = {"email": "new@customer.example", "name": "New", "password": samples.PASSWORD}


@pytest.fixture
def person(db: None) -> Person:
    return samples.staff_person()


@pytest.fixture
def stale(person: Person) -> Client:
    return signed_in(person, seconds_ago=QUARTER_AND_MORE)


def question(page: str) -> str:
    return f"/confirm?{urlencode({'next': page})}"


def change_page(model: type[Model]) -> str:
    with tenancy.staff():
        row = model._default_manager.first()
    assert row is not None
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("page", [ADD_PERSON, ADD_HOST, "/admin/billing/tier/add/?tier_name=x"])
def test_a_form_is_not_shown_before_the_question(page: str, stale: Client) -> None:
    assert stale.get(page)["Location"] == question(page)


@pytest.mark.parametrize("model", [Server, Tier])
def test_nor_is_the_form_of_a_row(model: type[Model], stale: Client, person: Person) -> None:
    samples.world("Acme")
    page = change_page(model)

    assert stale.get(page)["Location"] == stale.post(page, {})["Location"] == question(page)
    assert signed_in(person).get(page).status_code == 200


def test_nothing_is_saved_before_the_question(stale: Client, person: Person) -> None:
    for page, values in ((ADD_PERSON, NEW), (ADD_HOST, HOST)):
        assert stale.post(page, values)["Location"] == question(page)
    with tenancy.staff():
        assert not Person.objects.filter(email=NEW["email"]).exists()
    assert not is_allowed("10.1.2.3", 5000)

    signed_in(person).post(ADD_HOST, HOST)
    assert is_allowed("10.1.2.3", 5000)


def test_chosen_rows_stay_as_they_are_before_the_question(stale: Client, person: Person) -> None:
    signed_in(person).post(ADD_HOST, HOST)
    page = change_page(EgressAllowance)
    chosen = {"action": "delete_selected", "_selected_action": [page.split("/")[-3]], "post": "yes"}

    assert stale.post(HOSTS, chosen)["Location"] == question(HOSTS)
    delete = page.replace("/change/", "/delete/")
    assert stale.post(delete, {"post": "yes"})["Location"] == question(delete)
    assert is_allowed("10.1.2.3", 5000)


@pytest.mark.parametrize(
    ("model", "button"), [(Membership, "impersonate"), (Subscription, "change_tier"), (ApiKey, "revoke_one")]
)
def test_a_button_asks_who_it_is_before_it_asks_whether(
    model: type[Model], button: str, stale: Client, person: Person
) -> None:
    samples.world("Acme")
    page = change_page(model)
    address = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{button}", args=[page.split("/")[-3]]
    )
    htmx = {"HX-Request": "true"}

    for answer in (stale.get(address, headers=htmx), stale.post(address, {"reason": "x"}, headers=htmx)):
        assert (answer.status_code, answer["HX-Redirect"]) == (204, question(page))
    assert stale.get(address)["Location"] == question(page)
    assert signed_in(person).get(address, headers=htmx).status_code == 200


def test_looking_asks_nothing(stale: Client) -> None:
    samples.world("Acme")

    for page in ("/admin/", "/admin/accounts/person/", HOSTS, change_page(Subscription), change_page(ApiKey)):
        assert stale.get(page).status_code == 200


def test_the_answer_leads_back_to_the_form(stale: Client) -> None:
    assert stale.get(question(ADD_PERSON)).status_code == 200


def test_strangers_and_customers_are_not_asked_but_refused(db: None) -> None:
    samples.world("Acme")
    with tenancy.staff():
        customer = Person.objects.get(email="Acme@customer.example".lower())

    for client in (Client(), signed_in(customer, seconds_ago=QUARTER_AND_MORE)):
        assert not client.get(ADD_PERSON).headers.get("Location", "").startswith("/confirm")
        client.post(ADD_HOST, HOST)
    assert not is_allowed("10.1.2.3", 5000)
