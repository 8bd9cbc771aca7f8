"""Two tabs of one browser refresh by one cookie at the same time; a copy of it gets nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, RefreshFamily
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, api

pytestmark = pytest.mark.django_db

REFRESH, COOKIE = "/api/auth/refresh", "musenest_refresh"
OLD = timedelta(seconds=11)


class Browser:
    """Signed in; its tabs send what its cookies were when they began."""

    def __init__(self) -> None:
        self.client = APIClient(enforce_csrf_checks=True)
        fields = {"email": samples.person().email, "password": PASSWORD, "cookies": True}
        self.csrf = api.data(self.client.post("/api/auth/login", fields))["csrf_token"]

    @property
    def cookie(self) -> str:
        return str(self.client.cookies[COOKIE].value)

    def refresh(self, cookie: str = "") -> Any:
        newest = self.cookie
        if cookie:
            self.client.cookies[COOKIE] = cookie
        answer = self.client.post(REFRESH, headers={"X-CSRFToken": self.csrf})
        if cookie and COOKIE not in answer.cookies:
            self.client.cookies[COOKIE] = newest  # what the other tab was given
        return answer


def pass_time() -> None:
    with tenancy.staff():
        RefreshFamily.objects.update(rotated_at=timezone.now() - OLD)


def is_alive() -> bool:
    with tenancy.staff():
        return RefreshFamily.objects.get().is_alive


def alarms() -> int:
    with tenancy.staff():
        return Notification.objects.filter(template="token_reused").count()


def test_the_slower_tab_is_told_to_go_on(db: None) -> None:
    browser = Browser()
    shared = browser.cookie
    assert browser.refresh().status_code == 200

    late = browser.refresh(shared)

    assert api.code(late, 409) == "REFRESHED_ALREADY"
    assert late["Retry-After"] == "1"
    assert not late.cookies
    assert (is_alive(), alarms()) == (True, 0)
    assert browser.refresh().status_code == 200


def test_after_ten_seconds_it_is_a_copy(db: None) -> None:
    browser = Browser()
    shared = browser.cookie
    browser.refresh()
    pass_time()

    assert api.code(browser.refresh(shared), 401) == "TOKEN_REUSED"
    assert (is_alive(), alarms()) == (False, 1)


def test_the_one_before_the_predecessor_is_a_copy(db: None) -> None:
    browser = Browser()
    first = browser.cookie
    browser.refresh()
    browser.refresh()

    assert api.code(browser.refresh(first), 401) == "TOKEN_REUSED"
    assert not is_alive()


def test_a_program_has_no_such_time(db: None) -> None:
    browser = Browser()
    shared = browser.cookie
    browser.refresh()

    assert api.code(api.anonymous().post(REFRESH, {"refresh": shared}), 401) == "TOKEN_REUSED"
    assert (is_alive(), alarms()) == (False, 1)


def test_what_has_ended_gives_no_such_answer(db: None) -> None:
    browser = Browser()
    shared = browser.cookie
    browser.refresh()
    with tenancy.staff():
        RefreshFamily.objects.update(ended_at=timezone.now())

    assert api.code(browser.refresh(shared), 401) == "INVALID_TOKEN"
