import json

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Membership, Notification, Person, Role
from accounts.services import notifications
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD

pytestmark = pytest.mark.django_db

FORM = {"email": "New@People.test", "password1": PASSWORD, "organization": "New Ones"}


@pytest.fixture
def mandatory(settings: Settings) -> None:
    settings.EMAIL_VERIFICATION = settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sent() -> list[Notification]:
    with tenancy.staff():
        return list(Notification.objects.order_by("created_at"))


def link_of(message: Notification) -> str:
    link = str(json.loads(message.secrets)["link"])
    assert link.startswith("http://127.0.0.1:3000/")
    return link.removeprefix("http://127.0.0.1:3000")


def test_registering_makes_a_person_who_owns_an_organization_and_is_signed_in() -> None:
    client = Client()
    answer = client.post("/register", FORM)

    assert answer["Location"] == "/dashboard"
    assert client.get("/dashboard")["Location"] == "/o/new-ones/"
    with tenancy.staff():
        membership = Membership.objects.select_related("organization").get(person__email="new@people.test")
    assert (membership.role, membership.organization.name) == (Role.OWNER, "New Ones")
    assert [message.template for message in sent()] == ["verify_email"]


def test_without_an_organizations_name_it_is_the_persons() -> None:
    client = Client()
    client.post("/register", {**FORM, "organization": ""})

    assert client.get("/studio")["Location"] == "/o/new/"


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "not an address"},
        {"email": f"{'x' * 250}@people.test"},
        {"password1": "short"},
        {"password1": "password"},
        {"password1": "new@people.test"},
        {"organization": "x" * 121},
    ],
)
def test_a_form_that_is_wrong_says_so_and_makes_nobody(fields: dict[str, str]) -> None:
    answer = Client().post("/register", FORM | fields)

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    with tenancy.staff():
        assert Person.objects.count() == 0


@pytest.mark.parametrize("field", ["is_staff", "role", "id", "is_superuser", "tier"])
def test_fields_that_are_not_asked_for_change_nothing(field: str) -> None:
    Client().post("/register", FORM | {field: "true"})

    with tenancy.staff():
        person = Person.objects.get()
    assert not person.is_staff
    assert not person.is_superuser


def test_a_known_address_is_told() -> None:
    samples.person("new@people.test")

    answer = Client().post("/register", FORM)

    assert answer.status_code == 422
    assert sent() == []


def test_the_link_verifies_the_address_after_a_question_and_only_once(mandatory: None) -> None:
    client = Client()
    client.post("/register", FORM)
    link = link_of(sent()[0])
    assert client.post("/login", {"email": FORM["email"], "password": PASSWORD})["Location"] == "/verify"

    assert client.get(link).status_code == 200
    assert client.post("/login", {"email": FORM["email"], "password": PASSWORD})["Location"] == "/verify"
    assert client.post(link).status_code == 302
    assert client.post("/login", {"email": FORM["email"], "password": PASSWORD})["Location"] == "/dashboard"
    assert "no longer good" in Client().get(link).text


def test_a_forged_link_verifies_nothing() -> None:
    assert "no longer good" in Client().get("/verify/MQ:forged:signature").text
    assert Client().post("/verify/MQ:forged:signature").status_code == 404


def test_where_verifying_is_mandatory_known_and_unknown_are_answered_alike(mandatory: None) -> None:
    samples.person("known@people.test")
    answers = [
        Client().post("/register", FORM | {"email": email}) for email in ("known@people.test", "new@x.test")
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/verify")] * 2
    assert [(message.template, message.recipient) for message in sent()] == [
        ("registered_already", "known@people.test"),
        ("verify_email", "new@x.test"),
    ]


def test_the_message_has_the_link_which_is_kept_encrypted_only(mandatory: None) -> None:
    Client().post("/register", FORM)
    message = sent()[0]
    link = link_of(message)

    written = notifications.composed(message)

    assert link in written.body
    assert link in str(written.alternatives[0][0])
    assert link not in str(message.context)


def test_somebody_signed_in_is_led_on() -> None:
    client = Client()
    client.post("/register", FORM)

    for path in ("/register", "/login"):
        assert client.get(path)["Location"] == "/dashboard"


def test_nobody_is_sent_from_the_dashboard_to_the_sign_in() -> None:
    for path in ("/dashboard", "/studio"):
        assert Client().get(path)["Location"] == f"/login?next={path}"
