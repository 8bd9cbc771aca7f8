"""A person's own page about signing in: only their rows, and sessions that really end."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent, Notification, Person, SignIn
from accounts.services import people, tokens
from accounts.services.devices import Client as From
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotSignedInError
from tests.samples import PASSWORD, Customer, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/security"
CURL = From(address="192.0.2.9", subject="192.0.2.9", agent="curl/8.5.0")


def signed_in_by_form(of: Customer, agent: str = "Browser/1") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert client.post("/login", {"email": of.owner.email, "password": PASSWORD}).status_code == 302
    return client


def sessions_of(of: Customer) -> list[int]:
    with tenancy.staff():
        return list(UserSession.objects.filter(user=of.owner).order_by("pk").values_list("pk", flat=True))


def test_it_tells_what_is_ones_own_and_nothing_of_a_stranger(acme: Customer, borealis: Customer) -> None:
    theirs = signed_in_by_form(borealis, "Theirs/1")
    with tenancy.staff():
        Authenticator.objects.create(user=borealis.owner, type="webauthn", data={"name": "Their key"})
    mine = signed_in_by_form(acme, "Mine/1")

    text = mine.get(PAGE).text

    assert acme.owner.email in text
    assert "Mine/1" in text
    for secret in (borealis.owner.email, "Theirs/1", "Their key"):
        assert secret not in text
    assert "Theirs/1" in theirs.get(PAGE).text


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    for path in ("", "/sign-ins", "/email"):
        assert Client().get(PAGE + path)["Location"].startswith("/login?next=")


def test_a_person_of_no_organization_has_it_too() -> None:
    lonely = people.create(email="alone@people.test", password=PASSWORD, by=SYSTEM)

    assert "alone@people.test" in signed_in(lonely).get(PAGE).text


def test_another_session_is_ended_and_no_strangers(acme: Customer, borealis: Customer) -> None:
    here, elsewhere, theirs = signed_in_by_form(acme), signed_in_by_form(acme), signed_in_by_form(borealis)
    _, other = sessions_of(acme)

    assert here.post(f"{PAGE}/sessions/{sessions_of(borealis)[0]}/end").status_code == 404
    assert here.post(f"{PAGE}/sessions/{other}/end").status_code == 302

    assert here.get(PAGE).status_code == 200
    assert theirs.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302


def test_a_programs_sign_in_is_listed_and_ended_singly(acme: Customer, borealis: Customer) -> None:
    here = signed_in_by_form(acme)
    pair, other, theirs = (tokens.begin(who, client=CURL) for who in (acme.owner, acme.owner, borealis.owner))
    ids = [str(tokens.opened(each.access).family) for each in (pair, theirs)]

    text = here.get(PAGE).text
    assert text.count("A program") == 2
    assert "192.0.2.9" in text
    assert f"{PAGE}/sessions/{ids[0]}/end" in text
    assert [here.post(f"{PAGE}/sessions/{each}/end").status_code for each in ids] == [302, 404]

    assert here.get(PAGE).text.count("A program") == 1
    with pytest.raises(NotSignedInError):
        tokens.rotate(pair.refresh)
    for each in (other, theirs):
        tokens.rotate(each.refresh)


def test_all_others_end_and_programs_too(acme: Customer, borealis: Customer) -> None:
    here, elsewhere, theirs = signed_in_by_form(acme), signed_in_by_form(acme), signed_in_by_form(borealis)
    of_no_row = signed_in(acme.owner)
    pair, of_another = tokens.begin(acme.owner), tokens.begin(borealis.owner)

    assert here.post(f"{PAGE}/sessions/end-others").status_code == 302

    assert here.get(PAGE).status_code == 200
    assert sessions_of(acme) != []
    for client in (elsewhere, of_no_row):
        assert client.get(PAGE).status_code == 302
    with pytest.raises(NotSignedInError):
        tokens.rotate(pair.refresh)
    assert theirs.get(PAGE).status_code == 200
    assert tokens.rotate(of_another.refresh).person == borealis.owner


def test_everything_ends_and_one_may_sign_in_again(acme: Customer) -> None:
    here, elsewhere = signed_in_by_form(acme), signed_in_by_form(acme)

    assert here.post(f"{PAGE}/sessions/end-all")["Location"] == "/login"

    for client in (here, elsewhere):
        assert client.get(PAGE).status_code == 302
    assert sessions_of(acme) == []
    assert signed_in_by_form(acme).get(PAGE).status_code == 200
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="session.ended_everywhere").exists()


def test_signing_out_takes_the_session_from_the_list(acme: Customer) -> None:
    here = signed_in_by_form(acme)
    here.post("/logout")

    assert sessions_of(acme) == []


@pytest.mark.parametrize(
    "path", ["sessions/end-others", "sessions/end-all", "sessions/1/end", "google/remove"]
)
def test_looking_ends_nothing(acme: Customer, path: str) -> None:
    assert acme.client.get(f"{PAGE}/{path}").status_code == 405


def test_the_history_has_pages(acme: Customer, borealis: Customer) -> None:
    with tenancy.staff():
        for of, count, agent in ((acme, 60, "Mine/1"), (borealis, 1, "Theirs/1")):
            SignIn.objects.bulk_create(
                SignIn(person=of.owner, account="a", method="password", subject="x", agent=agent)
                for _ in range(count)
            )

    first = acme.client.get(f"{PAGE}/sign-ins")
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    second = acme.client.get(f"{PAGE}/sign-ins{older}")

    assert first.text.count("Mine/1") == 50
    assert second.text.count("Mine/1") == 10
    assert "Theirs/1" not in first.text + second.text
    assert 'rel="next"' not in second.text
    for damaged in ("x", "9" * 30, "0" * 5000, "٣"):
        assert acme.client.get(f"{PAGE}/sign-ins?older={damaged}").status_code == 400


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_new_address_counts_once_its_link_was_opened(acme: Customer, is_verified: bool) -> None:
    before = acme.owner.email
    with tenancy.staff():
        EmailAddress.objects.filter(user=acme.owner).update(verified=is_verified)
    form = {"email": "fresh@people.test", "action_add": "1"}
    assert acme.client.post(f"{PAGE}/email", form).status_code == 302
    with tenancy.staff():
        message = Notification.objects.get(template="verify_email")
    assert message.recipient == "fresh@people.test"
    assert email_of(acme) == before

    link = str(json.loads(message.secrets)["link"]).removeprefix("http://127.0.0.1:3000")
    assert acme.client.post(link).status_code == 302

    assert email_of(acme) == "fresh@people.test"
    form = {"email": "fresh@people.test", "password": PASSWORD}
    assert Client().post("/login", form).status_code == 302
    assert Client().post("/login", form | {"email": before}).status_code == 422


@pytest.mark.parametrize("path", ["email", "email/send-again"])
def test_what_cannot_be_counted_is_to_be_tried_again(acme: Customer, settings: Settings, path: str) -> None:
    with tenancy.staff():
        Person.objects.filter(pk=acme.owner.pk).update(verified_email="")
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}

    answer = acme.client.post(f"{PAGE}/{path}", {"email": "fresh@people.test", "action_add": "1"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def email_of(of: Customer) -> str:
    with tenancy.staff():
        return Person.objects.get(pk=of.owner.pk).email


def test_an_address_of_another_person_is_not_taken(acme: Customer, borealis: Customer) -> None:
    acme.client.post(f"{PAGE}/email", {"email": borealis.owner.email, "action_add": "1"})

    with tenancy.staff():
        assert not EmailAddress.objects.filter(user=acme.owner, email=borealis.owner.email, verified=True)
    assert email_of(acme) == acme.owner.email
