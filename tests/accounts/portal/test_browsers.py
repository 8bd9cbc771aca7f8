"""A browser is called by its name, where one looks at one's own sign-ins and where staff look."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SignIn
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(of: samples.Customer) -> Client:
    browser = Client(headers={"User-Agent": FIREFOX})
    browser.post("/login", {"email": of.owner.email, "password": samples.PASSWORD})
    return browser


def test_sessions_and_sign_ins_name_the_browser() -> None:
    acme, stranger = samples.customer("Acme"), samples.customer("Borealis")
    browser = sign_in(acme)
    for path in ("/settings/security", "/settings/security/sign-ins"):
        assert ">Firefox on Linux</span>" in browser.get(path).text, path
        assert ">Firefox on Linux</span>" not in stranger.client.get(path).text, path


def test_staff_see_the_name_and_the_whole_header() -> None:
    sign_in(samples.customer("Acme"))
    with tenancy.staff():
        found = SignIn.objects.latest("pk")
    staff = samples.signed_in(samples.staff_person())
    assert "Firefox on Linux" in staff.get(reverse("admin:accounts_signin_changelist")).text
    assert FIREFOX in staff.get(reverse("admin:accounts_signin_change", args=[found.pk])).text
