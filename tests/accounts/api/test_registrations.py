"""Registering through HTTP: a person, its organisation, tokens."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Membership, Notification, Organization, Person, Profile
from musenest.common import tenancy
from tests.samples import PASSWORD, api

pytestmark = pytest.mark.django_db

BODY = {"email": "Anna@People.test", "password": PASSWORD}


def register(path: str = "register", **more: Any) -> Any:
    return api.anonymous().post(f"/api/auth/{path}", BODY | more)


@pytest.mark.parametrize("path", ["register", "signup"])
def test_registering_signs_in_the_owner_of_a_new_organization(path: str) -> None:
    found = api.data(register(path), 201)

    assert set(found) == {"access", "refresh", "user", "subscription"}
    assert found["user"]["email"] == "anna@people.test"
    assert found["subscription"]["tier_name"] == "free"
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {found['access']}")
    assert api.data(client.get("/api/subscription"))["tier"]["tier_name"] == "free"
    with tenancy.staff():
        membership = Membership.objects.select_related("organization").get()
    assert (membership.role, membership.organization.name) == ("owner", "anna")


def test_the_organization_may_be_named() -> None:
    api.data(register(organization="Acme & Söhne", name="Anna"), 201)

    with tenancy.staff():
        assert Organization.objects.get().slug == "acme-sohne"


def test_a_provider_key_is_kept_encrypted_and_never_shown() -> None:
    """N-07 takes `v0ApiKey` with the registration."""
    answer = register(v0ApiKey="v0-very-secret")

    assert "v0-very-secret" not in answer.content.decode()
    with tenancy.staff():
        assert Profile.objects.get().v0_api_key == "v0-very-secret"
        assert not Profile.objects.filter(v0_api_key__contains="secret").exists()


def test_a_known_address_is_told(settings: Settings) -> None:
    api.data(register(), 201)

    assert api.code(register(), 409) == "EMAIL_TAKEN"
    with tenancy.staff():
        assert (Person.objects.count(), Organization.objects.count()) == (1, 1)


def test_where_verifying_is_mandatory_known_and_unknown_are_answered_alike(settings: Settings) -> None:
    settings.EMAIL_VERIFICATION = "mandatory"

    first, second = register(), register()

    assert api.data(first, 202) == api.data(second, 202) == {}
    with tenancy.staff():
        assert Person.objects.count() == 1
        told = Notification.objects.order_by("created_at").values_list("template", flat=True)
        assert list(told) == ["verify_email", "registered_already"]


def test_where_verifying_is_mandatory_tokens_come_after_it(settings: Settings) -> None:
    settings.EMAIL_VERIFICATION = "mandatory"
    register()
    credentials = {"email": BODY["email"], "password": PASSWORD}
    refused = api.anonymous().post("/api/auth/login", credentials)
    assert api.code(refused, 403) == "EMAIL_UNVERIFIED"

    open_the_link()

    assert api.data(api.anonymous().post("/api/auth/login", credentials))["access"]


def test_where_it_is_not_the_link_is_sent_all_the_same() -> None:
    register()
    open_the_link()

    with tenancy.staff():
        assert EmailAddress.objects.get(email="anna@people.test").verified


def open_the_link() -> None:
    """As the page behind the link in the e-mail does."""
    with tenancy.staff():
        written = Notification.objects.get(template="verify_email")
    link = urlsplit(json.loads(written.secrets)["link"]).path
    assert Client().post(link).status_code == 302


@pytest.mark.parametrize("password", ["short", "12345678901", "password1", "anna@people.test"])
def test_a_weak_password_is_refused_with_the_reason(password: str) -> None:
    found = api.error(register(password=password), 422)

    assert (found["code"], found["details"]["field"]) == ("PASSWORD_WEAK", "password")
    with tenancy.staff():
        assert not Person.objects.exists()


@pytest.mark.parametrize(
    "field", ["is_staff", "role", "id", "credits", "tier", "is_active", "is_superuser", "organization_id"]
)
def test_an_extra_field_changes_nothing_and_is_named(field: str) -> None:
    found = api.error(register("register", **{field: True}), 422)

    assert (found["code"], found["details"]["field"]) == ("UNKNOWN_FIELD", field)
    with tenancy.staff():
        assert not Person.objects.exists()


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}evil", "x" * 120]
)
def test_any_name_is_only_a_name(name: str) -> None:
    assert api.data(register(name=name, organization=name), 201)["user"]["name"] == name


def test_a_name_of_ten_thousand_letters_is_refused() -> None:
    assert api.code(register(name="x" * 10_000), 422) == "VALIDATION_ERROR"


@pytest.mark.parametrize(
    "email", ["", "anna", "a@b", "x" * 250 + "@people.test", "a@people.test\nBcc: b@c.de"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert api.code(register(email=email), 422) == "VALIDATION_ERROR"
