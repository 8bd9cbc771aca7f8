"""Where somebody is signed in, and what is no more."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.selectors import sessions as reading
from accounts.services import sessions
from musenest.common import tenancy
from tests.samples import PASSWORD, Customer

pytestmark = pytest.mark.django_db


def signed_in(of: Customer) -> str:
    """A session's key."""
    client = Client()
    assert client.post("/login", {"email": of.owner.email, "password": PASSWORD}).status_code == 302
    return str(client.session.session_key)


def listed(of: Customer) -> int:
    with tenancy.person(of.owner.pk):
        return len(reading.of_person(of.owner, current=""))


def kept() -> set[str]:
    with tenancy.staff():
        return set(UserSession.objects.values_list("session_key", flat=True))


def test_a_session_whose_time_is_over_is_not_listed_and_then_forgotten(acme: Customer) -> None:
    alive, over, gone = signed_in(acme), signed_in(acme), signed_in(acme)
    assert listed(acme) == 3
    Session.objects.filter(pk=over).update(expire_date=timezone.now() - timedelta(seconds=1))
    Session.objects.filter(pk=gone).delete()

    assert listed(acme) == 1
    assert kept() == {alive, over, gone}, "who looks changes nothing"

    with tenancy.staff():
        assert sessions.forget_over() == 2
    assert kept() == {alive}
    assert set(Session.objects.filter(pk__in=(alive, over)).values_list("pk", flat=True)) == {alive}
