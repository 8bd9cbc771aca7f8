"""Programs sign in with a second factor, too; staff with one only, and lately for what is about money."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person, RefreshFamily
from accounts.services import people, tokens
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.api.views import STAFF, ApiViewSet
from tests import samples
from tests.samples import signed_in

pytestmark = pytest.mark.django_db

LOGIN = "/api/auth/login"


def login(who: Person, **fields: str) -> Any:
    form = {"email": who.email, "password": samples.PASSWORD} | fields
    return Client().post(LOGIN, form, content_type="application/json")


def with_factor(who: Person) -> list[str]:
    """The person's recovery codes, beside an authenticator app."""
    with tenancy.staff():
        TOTP.activate(who, generate_totp_secret())
        codes: list[str] = RecoveryCodes.activate(who).get_unused_codes()
    return codes


@pytest.fixture
def ann() -> Person:
    return samples.person()


@pytest.fixture
def operator() -> Person:
    return people.create(email="op@staff.test", password=samples.PASSWORD, by=SYSTEM, is_staff=True)


def test_without_a_factor_the_password_is_enough(ann: Person) -> None:
    assert login(ann).status_code == 200


def test_with_one_the_code_is_needed_and_good_once(ann: Person) -> None:
    code = with_factor(ann)[0]
    asked = login(ann)
    assert (asked.status_code, asked.json()["error"]["code"]) == (401, "SECOND_FACTOR_NEEDED")

    assert login(ann, code=code).status_code == 200

    again = login(ann, code=code)
    assert (again.status_code, again.json()["error"]["code"]) == (401, "SIGN_IN_FAILED")


def test_a_wrong_password_does_not_tell_that_there_is_one(ann: Person) -> None:
    with_factor(ann)

    answer = login(ann, password="wrong")

    assert answer.json()["error"]["code"] == "SIGN_IN_FAILED"


def test_guessing_is_limited_as_on_the_web(ann: Person) -> None:
    for _ in range(5):
        assert login(ann, password="wrong").status_code == 401

    answer = login(ann)

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "TOO_MANY_TRIES")
    assert int(answer["Retry-After"]) > 800


def test_staff_without_one_get_no_tokens(operator: Person) -> None:
    answer = login(operator)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "SECOND_FACTOR_NEEDED")
    with tenancy.staff():
        assert not RefreshFamily.objects.exists()


def test_staff_with_one_get_them(operator: Person) -> None:
    assert login(operator, code=with_factor(operator)[0]).status_code == 200


def test_a_staff_session_without_one_does_not_reach_the_api(operator: Person) -> None:
    servers = "/api/site-configuration/servers"

    refused = signed_in(operator, has_factor=False).get(servers)

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "SECOND_FACTOR_NEEDED")
    assert signed_in(operator).get(servers).status_code == 200


class MoneyViewSet(ApiViewSet):
    permissions = {"list": STAFF, "create": STAFF}
    stepped_up = frozenset({"create"})

    def list(self, request: Request) -> Response:
        return Response({})

    def create(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("money", MoneyViewSet.as_view({"get": "list", "post": "create"}))]


@override_settings(ROOT_URLCONF=__name__)
def test_what_is_about_money_needs_a_recent_sign_in(operator: Person, ann: Person) -> None:
    fresh, old = tokens.begin(operator), tokens.begin(operator)
    with tenancy.staff():
        family = RefreshFamily.objects.latest("created_at")
        family.created_at = timezone.now() - timedelta(minutes=16)
        family.save()
    of_old = Client(headers={"Authorization": f"Bearer {tokens.rotate(old.refresh).access}"})
    of_fresh = Client(headers={"Authorization": f"Bearer {fresh.access}"})
    stranger = Client(headers={"Authorization": f"Bearer {tokens.begin(ann).access}"})

    assert of_old.get("/money").status_code == 200
    refused = of_old.post("/money", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "STEP_UP_REQUIRED")
    assert of_fresh.post("/money", {}, content_type="application/json").status_code == 200
    assert stranger.post("/money", {}, content_type="application/json").status_code == 404
    assert signed_in(operator, seconds_ago=3600).get("/money").status_code == 200
