"""Signing programs in and out through HTTP."""

from typing import Any

import pytest

from accounts.models import Person
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, Customer, api

pytestmark = pytest.mark.django_db

LOGIN, REFRESH, LOGOUT = "/api/auth/login", "/api/auth/refresh", "/api/auth/logout"


def sign_in(of: Customer, password: str = PASSWORD, email: str = "") -> Any:
    return api.anonymous().post(LOGIN, {"email": email or of.owner.email, "password": password})


def test_login_answers_tokens_and_the_person(acme: Customer) -> None:
    found = api.data(sign_in(acme))
    assert set(found) == {"access", "refresh", "user", "subscription"}
    assert found["user"] == {
        "id": str(acme.owner.pk),
        "email": acme.owner.email,
        "name": "",
        "locale": "en",
        "time_zone": "UTC",
        "is_staff": False,
    }


def test_signing_in_tells_the_subscription_and_a_refresh_does_not_ask_for_it(acme: Customer) -> None:
    found = api.data(sign_in(acme))

    assert found["subscription"] == {
        "organization": acme.organization.slug,
        "tier_name": "enterprise",
        "display_name": "Enterprise",
        "subscription_status": "active",
        "is_serving": True,
        "expires_at": None,
    }
    assert "subscription" not in api.data(api.anonymous().post(REFRESH, {"refresh": found["refresh"]}))


def test_a_browser_is_told_the_subscription_too(acme: Customer) -> None:
    body = {"email": acme.owner.email, "password": PASSWORD, "cookies": True}
    assert api.data(api.anonymous().post(LOGIN, body))["subscription"]["tier_name"] == "enterprise"


def test_somebody_of_no_organisation_has_no_subscription() -> None:
    loner = samples.person()
    answer = api.anonymous().post(LOGIN, {"email": loner.email, "password": PASSWORD})
    assert api.data(answer)["subscription"] is None


def test_the_access_token_opens_the_organisation(acme: Customer) -> None:
    access = api.data(sign_in(acme, email=acme.owner.email.upper()))["access"]
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert api.data(client.get("/api/subscription"))["tier"]["tier_name"] == "enterprise"


def test_login_says_the_same_about_a_wrong_password_and_an_unknown_address(acme: Customer) -> None:
    wrong = api.error(sign_in(acme, password="not it"), 401)
    unknown = api.error(sign_in(acme, email="nobody@acme.example"), 401)
    assert wrong == unknown
    assert wrong["code"] == "SIGN_IN_FAILED"


def test_login_refuses_a_disabled_person(acme: Customer) -> None:
    with tenancy.staff():
        Person.objects.filter(pk=acme.owner.pk).update(is_active=False)
    assert api.code(sign_in(acme), 401) == "SIGN_IN_FAILED"


@pytest.mark.parametrize(
    "body", [{}, {"email": "a@b.example"}, {"email": "a", "password": None}, {"email": [], "password": {}}]
)
def test_login_tells_what_is_missing(body: dict[str, object]) -> None:
    found = api.error(api.anonymous().post(LOGIN, body), 422)
    assert found["code"] == "VALIDATION_ERROR"
    assert found["details"]["errors"]


def test_login_refuses_a_field_that_it_does_not_know(acme: Customer) -> None:
    body = {"email": acme.owner.email, "password": PASSWORD, "remember": True}
    found = api.error(api.anonymous().post(LOGIN, body), 422)
    assert (found["code"], found["details"]["field"]) == ("UNKNOWN_FIELD", "remember")


def test_refresh_rotates_and_a_reused_token_ends_the_family(acme: Customer) -> None:
    first = api.data(sign_in(acme))["refresh"]
    second = api.data(api.anonymous().post(REFRESH, {"refresh": first}))
    assert second["refresh"] != first
    assert second["user"]["email"] == acme.owner.email
    assert api.code(api.anonymous().post(REFRESH, {"refresh": first}), 401) == "TOKEN_REUSED"
    assert api.code(api.anonymous().post(REFRESH, {"refresh": second["refresh"]}), 401) == "INVALID_TOKEN"


def test_refresh_takes_no_access_token(acme: Customer) -> None:
    access = api.data(sign_in(acme))["access"]
    assert api.code(api.anonymous().post(REFRESH, {"refresh": access}), 401) == "INVALID_TOKEN"


def test_logout_ends_the_family_twice_without_complaint(acme: Customer) -> None:
    refresh = api.data(sign_in(acme))["refresh"]
    for _ in range(2):
        response = api.anonymous().post(LOGOUT, {"refresh": refresh})
        assert (response.status_code, response.content) == (204, b"")
    assert api.code(api.anonymous().post(REFRESH, {"refresh": refresh}), 401) == "INVALID_TOKEN"


def test_after_logout_the_access_token_opens_nothing(acme: Customer) -> None:
    pair = api.data(sign_in(acme))
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    assert client.get("/api/subscription").status_code == 200

    api.anonymous().post(LOGOUT, {"refresh": pair["refresh"]})

    assert api.code(client.get("/api/subscription"), 401) == "INVALID_TOKEN"


def test_an_idempotency_key_keeps_no_tokens(acme: Customer) -> None:
    headers = {"Idempotency-Key": "once"}
    body = {"email": acme.owner.email, "password": PASSWORD}
    answers = [api.anonymous().post(LOGIN, body, headers=headers) for _ in range(2)]
    first, second = (api.data(answer)["refresh"] for answer in answers)
    assert first != second
    assert "Idempotent-Replayed" not in answers[1]


def test_without_a_credential_and_with_a_wrong_one_the_messages_are_those_of_old() -> None:
    missing = api.anonymous().get(api.SITES)
    assert api.error(missing, 401)["message"] == "No token provided"
    assert missing["WWW-Authenticate"] == 'Bearer realm="api"'
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert api.error(client.get(api.SITES), 401)["message"] == "Invalid token"


@pytest.mark.parametrize("path", [LOGIN, REFRESH, LOGOUT])
def test_get_is_refused(path: str) -> None:
    assert api.code(api.anonymous().get(path), 405) == "METHOD_NOT_ALLOWED"
