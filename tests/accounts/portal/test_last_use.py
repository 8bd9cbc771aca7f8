"""When a browser was last used, in the list of where one is signed in."""

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from musenest.common import tenancy
from tests.samples import PASSWORD, Customer, api
from tests.samples.browsers import METHODS

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(hours=3)


def signed_in_long_ago(of: Customer) -> Client:
    client = Client()
    client.post("/login", {"email": of.owner.email, "password": PASSWORD})
    session = client.session
    session[METHODS] = [each | {"at": each["at"] - LONG_AGO.total_seconds()} for each in session[METHODS]]
    session.save()
    with tenancy.staff():
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=timezone.now() - LONG_AGO
        )
    return client


def last_seen(client: Client) -> datetime:
    with tenancy.staff():
        found: datetime = UserSession.objects.get(session_key=client.session.session_key).last_seen_at
    return found


def test_a_page_notes_it_and_a_strangers_is_left_alone(acme: Customer, borealis: Customer) -> None:
    mine, theirs = signed_in_long_ago(acme), signed_in_long_ago(borealis)
    before = last_seen(theirs)

    mine.get(acme.url())

    assert timezone.now() - last_seen(mine) < timedelta(minutes=1)
    assert last_seen(theirs) == before


def test_the_page_tells_it(acme: Customer) -> None:
    client = signed_in_long_ago(acme)

    (session,) = client.get("/settings/security").context["found"].sessions

    assert timezone.now() - session.last_used_at < timedelta(minutes=1)


def test_it_costs_one_statement_in_minutes_and_none_after_a_sign_in(acme: Customer) -> None:
    old, fresh = signed_in_long_ago(acme), Client()
    fresh.post("/login", {"email": acme.owner.email, "password": PASSWORD})

    assert [updates(old), updates(old), updates(fresh)] == [1, 0, 0]


def updates(client: Client) -> int:
    with api.counted() as statements:
        assert client.get("/organizations").status_code == 200
    return len([each for each in statements if each.startswith("UPDATE")])
