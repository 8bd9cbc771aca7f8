"""Signing in with Google, whose stand-in also misbehaves."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEvent, Membership, Person, SignIn
from musenest.common import tenancy
from tests import fake_google, samples
from tests.fake_google import FakeGoogle
from tests.samples import PASSWORD, Customer, customer, signed_in

pytestmark = pytest.mark.django_db

EMAIL = "gina@people.test"


def sent_there(client: Client, **fields: str) -> dict[str, str]:
    """What the browser carries to Google."""
    answer = client.post("/auth/google", fields)
    address = urlsplit(answer["Location"])
    assert f"{address.scheme}://{address.netloc}" == "https://accounts.google.com"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def back(client: Client, **query: str) -> Any:
    return client.get("/auth/google/callback", query)


def round_trip(client: Client, **fields: str) -> Any:
    carried = sent_there(client, **fields)
    return back(client, code=fake_google.CODE, state=carried["state"])


def is_refused(answer: HttpResponse, reason: str) -> bool:
    return answer["Location"] == f"/auth/error?reason={reason}"


def people_there() -> int:
    with tenancy.staff():
        return Person.objects.count()


def test_a_new_person_is_made_with_an_organization_and_signed_in(google: FakeGoogle) -> None:
    client = Client()

    assert round_trip(client)["Location"] == "/dashboard"

    assert client.get("/dashboard")["Location"] == "/o/gina-google/"
    with tenancy.staff():
        person = Person.objects.get(email=EMAIL)
        assert Membership.objects.get(person=person).role == "owner"
        assert SignIn.objects.get(person=person, outcome="succeeded").method == "google"
    assert not person.has_usable_password()
    assert person.is_verified, "Google has said so"
    assert "code_verifier=" in google.asked[0]


def test_the_second_time_it_is_the_same_person(google: FakeGoogle) -> None:
    round_trip(Client())
    round_trip(Client())

    assert people_there() == 1


def test_it_leads_on_to_where_one_wanted(google: FakeGoogle) -> None:
    assert round_trip(Client(), next="/o/gina-google/sites")["Location"] == "/o/gina-google/sites"
    assert round_trip(Client(), next="https://evil.example/")["Location"] == "/dashboard"


@pytest.mark.parametrize("state", ["", "forged", "x" * 5000])
def test_a_state_that_we_did_not_give_is_refused(google: FakeGoogle, state: str) -> None:
    client = Client()
    sent_there(client)

    assert is_refused(back(client, code=fake_google.CODE, state=state), "failed")
    assert google.asked == []


def test_a_state_of_another_browser_is_refused(google: FakeGoogle) -> None:
    theirs = sent_there(Client())["state"]

    assert is_refused(back(Client(), code=fake_google.CODE, state=theirs), "failed")
    assert people_there() == 0


def test_a_state_is_good_once(google: FakeGoogle) -> None:
    client = Client()
    state = sent_there(client)["state"]
    back(client, code=fake_google.CODE, state=state)

    assert is_refused(back(client, code=fake_google.CODE, state=state), "failed")


def test_an_address_that_google_did_not_verify_is_refused(google: FakeGoogle) -> None:
    google.claims = {"email_verified": False}

    assert is_refused(round_trip(Client()), "unverified")
    assert people_there() == 0


def test_who_stops_there_is_told_and_nothing_happens(google: FakeGoogle) -> None:
    client = Client()
    state = sent_there(client)["state"]
    answer = back(client, error="access_denied", state=state)

    assert is_refused(answer, "cancelled")
    assert "You stopped" in client.get(answer["Location"]).text
    assert people_there() == 0


def test_the_address_of_an_existing_person_does_not_open_their_account(google: FakeGoogle) -> None:
    victim = samples.person(EMAIL)
    client = Client()

    assert is_refused(round_trip(client), "known")

    assert client.get("/dashboard")["Location"].startswith("/login")
    with tenancy.staff():
        assert not SocialAccount.objects.exists()
        assert SignIn.objects.get(person=victim).outcome == "refused"


@pytest.mark.parametrize(
    "misbehaviour",
    [
        {"status": 500},
        {"status": 400, "body": b'{"error": "invalid_grant"}'},
        {"body": b"<html>"},
        {"body": b"{}"},
        {"claims": {"aud": "another client"}},
        {"claims": {"iss": "https://evil.example"}},
        {"claims": {"exp": 1_700_000_001}},
        {"body": b'{"access_token": "at", "id_token": "not.a.token"}'},
    ],
)
def test_an_answer_that_is_not_googles_signs_nobody_in(
    google: FakeGoogle, misbehaviour: dict[str, Any]
) -> None:
    for name, value in misbehaviour.items():
        setattr(google, name, value)

    assert is_refused(round_trip(Client()), "failed")
    assert people_there() == 0


def test_somebody_signed_in_connects_and_disconnects_it(google: FakeGoogle) -> None:
    acme = customer("Acme")
    carried = parse_qs(urlsplit(acme.client.post("/auth/google?process=connect")["Location"]).query)

    answer = back(acme.client, code=fake_google.CODE, state=carried["state"][0])

    assert answer["Location"] == "/settings/security"
    assert EMAIL in acme.client.get("/settings/security").text
    assert round_trip(Client())["Location"] == "/dashboard"
    assert acme.client.post("/settings/security/google/remove").status_code == 302
    with tenancy.staff():
        assert not SocialAccount.objects.exists()
        actions = AuditEvent.objects.filter(action__startswith="google.").values_list("action", flat=True)
        assert set(actions) == {"google.connected", "google.disconnected"}


def test_the_only_way_in_stays(google: FakeGoogle) -> None:
    client = Client()
    round_trip(client)

    assert client.post("/settings/security/google/remove").status_code == 409


def test_where_it_is_not_set_up_there_is_nothing() -> None:
    assert Client().post("/auth/google").status_code == 404
    assert Client().get("/auth/google/callback?code=x&state=y").status_code == 404
    assert "Google" not in Client().get("/login").text


def test_a_second_factor_is_asked_after_google_too(google: FakeGoogle, acme_with_google: Customer) -> None:
    assert round_trip(Client())["Location"] == "/login/second-factor"


@pytest.fixture
def acme_with_google(google: FakeGoogle) -> Customer:
    """Somebody with a passkey whose Google is connected."""
    from allauth.mfa.models import Authenticator

    acme = customer("Acme")
    with tenancy.staff():
        SocialAccount.objects.create(user=acme.owner, provider="google", uid="1234567890")
        Authenticator.objects.create(user=acme.owner, type="totp", data={"secret": "x"})
    assert acme.owner.check_password(PASSWORD)
    assert signed_in(acme.owner).get("/settings/security").status_code == 200
    return acme
