"""Browsers: tokens in cookies that no script reads, and the CSRF token with everything that changes."""

from typing import Any

import pytest
from django.conf import settings as configured
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from tests import samples
from tests.samples import PASSWORD, Customer, api

pytestmark = pytest.mark.django_db

LOGIN, REFRESH, LOGOUT = "/api/auth/login", "/api/auth/refresh", "/api/auth/logout"
ACCESS_COOKIE, REFRESH_COOKIE = "musenest_access", "musenest_refresh"


def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def signed_in(of: Customer) -> tuple[APIClient, str]:
    """A browser with its cookies, and its CSRF token."""
    client = browser()
    return client, api.data(sign_in(client, of))["csrf_token"]


def sign_in(client: APIClient, of: Customer) -> Any:
    return client.post(LOGIN, {"email": of.owner.email, "password": PASSWORD, "cookies": True})


def with_csrf(token: str) -> dict[str, Any]:
    return {"headers": {"X-CSRFToken": token}}


def test_the_tokens_are_in_cookies_and_not_in_the_answer(acme: Customer) -> None:
    client = browser()
    answer = sign_in(client, acme)

    assert set(api.data(answer)) == {"csrf_token", "user", "subscription"}
    for name, path in ((ACCESS_COOKIE, "/api/"), (REFRESH_COOKIE, "/api/auth/")):
        cookie = answer.cookies[name]
        assert cookie.value not in answer.content.decode()
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", path)


def test_they_travel_over_https_only_where_sessions_do(acme: Customer, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True

    answer = sign_in(browser(), acme)

    assert all(answer.cookies[name]["secure"] for name in (ACCESS_COOKIE, REFRESH_COOKIE))


def test_reading_takes_the_cookie_alone(acme: Customer) -> None:
    client, _ = signed_in(acme)

    assert api.data(client.get("/api/subscription"))["tier"]["tier_name"] == "enterprise"


def test_changing_takes_the_csrf_token_too(acme: Customer) -> None:
    client, token = signed_in(acme)
    site = {"site_identifier": "shop", "site_name": "Shop", "industry_template": "family_education"}

    assert api.code(client.post(api.SITES, site), 403) == "CSRF_FAILED"
    assert api.code(client.post(api.SITES, site, **with_csrf("x" * 64)), 403) == "CSRF_FAILED"
    assert api.data(client.post(api.SITES, site, **with_csrf(token)), 201)["site_identifier"] == "shop"


def test_the_portals_session_takes_the_csrf_token_too(acme: Customer) -> None:
    client = browser()
    client.cookies = acme.client.cookies
    site = {"site_identifier": "shop", "site_name": "Shop", "industry_template": "family_education"}

    assert api.data(client.get(api.SITES))["results"] == []
    assert api.code(client.post(api.SITES, site), 403) == "CSRF_FAILED"


def test_refreshing_by_cookie_rotates_the_cookies(acme: Customer) -> None:
    client, token = signed_in(acme)
    before = client.cookies[REFRESH_COOKIE].value

    assert api.code(client.post(REFRESH, {}), 403) == "CSRF_FAILED"
    found = api.data(client.post(REFRESH, {}, **with_csrf(token)))

    assert set(found) == {"csrf_token", "user"}
    assert client.cookies[REFRESH_COOKIE].value != before
    assert client.get("/api/subscription").status_code == 200


def test_signing_out_takes_the_cookies_back_and_ends_the_access_token(acme: Customer) -> None:
    client, token = signed_in(acme)
    access = client.cookies[ACCESS_COOKIE].value

    assert client.post(LOGOUT, {}, **with_csrf(token)).status_code == 204

    assert [client.cookies[name].value for name in (ACCESS_COOKIE, REFRESH_COOKIE)] == ["", ""]
    program = api.anonymous()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    assert api.code(program.get("/api/subscription"), 401) == "INVALID_TOKEN"


def test_without_a_token_in_body_or_cookie_the_field_is_missing() -> None:
    assert api.error(browser().post(REFRESH, {}), 422)["details"]["field"] == "refresh"


def test_a_credential_in_a_header_counts_before_a_cookie(acme: Customer) -> None:
    client, _ = signed_in(acme)
    other = samples.customer("Other", tier="free")
    client.credentials(HTTP_AUTHORIZATION=api.bearer(other.owner))

    assert api.data(client.get("/api/subscription"))["tier"]["tier_name"] == "free"


def test_a_form_of_another_page_cannot_sign_a_browser_in(acme: Customer) -> None:
    """A form sends no JSON, and nothing else is read."""
    body = {"email": acme.owner.email, "password": PASSWORD, "cookies": "true"}

    for kind in ("application/x-www-form-urlencoded", "text/plain"):
        answer = browser().post(LOGIN, str(body), content_type=kind)
        assert answer.status_code == 415
        assert not answer.cookies


def test_the_access_cookie_lives_as_long_as_its_token(acme: Customer) -> None:
    answer = sign_in(browser(), acme)

    lives: Any = configured.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    assert answer.cookies[ACCESS_COOKIE]["max-age"] == lives.total_seconds()
