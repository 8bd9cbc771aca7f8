import pytest
from django.test import Client, RequestFactory

from accounts.models import AuditEvent, Person
from accounts.services import people, sessions
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotSignedInError
from tests import samples

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["ann@people.test", "ANN@People.test", "  ann@people.test "])
def test_the_spelling_of_the_address_does_not_matter(email: str) -> None:
    who = samples.person("ann@people.test")

    assert sessions.check(request=RequestFactory().post("/"), email=email, password=samples.PASSWORD) == who


def test_an_unknown_address_a_wrong_password_and_a_disabled_person_are_told_the_same() -> None:
    samples.person("ann@people.test")
    samples.person("bob@people.test", is_active=False)
    words = set()
    for email, password in (
        ("nobody@people.test", samples.PASSWORD),
        ("ann@people.test", "wrong"),
        ("bob@people.test", samples.PASSWORD),
        ("", ""),
    ):
        with pytest.raises(NotSignedInError) as caught:
            sessions.check(request=RequestFactory().post("/"), email=email, password=password)
        words.add((caught.value.code, caught.value.message))

    assert len(words) == 1


def test_signing_in_starts_a_session_with_a_new_key_and_records_it(client: Client) -> None:
    who = samples.person()
    request = RequestFactory().post("/login")
    request.session = client.session
    before = request.session.session_key

    assert sessions.check(request=request, email=who.email, password=samples.PASSWORD) == who
    sessions.begin(request=request, person=who)

    assert request.session.session_key != before
    assert samples.recorded() == ["session.started"]


def test_a_program_gets_tokens_and_it_is_recorded() -> None:
    who = samples.person()

    request = RequestFactory().post("/")
    pair = sessions.begin_tokens(request=request, email=who.email, password=samples.PASSWORD)

    assert pair.person == who
    assert samples.recorded() == ["tokens.started"]


def test_signing_out_ends_the_session_and_is_recorded(client: Client) -> None:
    with tenancy.staff():
        client.force_login(samples.person())
    assert client.get("/organizations").status_code == 200

    client.post("/logout")

    assert client.get("/organizations").status_code == 302
    assert samples.recorded() == ["session.ended"]


def test_a_person_who_is_disabled_is_signed_out_at_the_next_request(client: Client) -> None:
    who = samples.person()
    with tenancy.staff():
        client.force_login(who)
        assert client.get("/organizations").status_code == 200
        Person.objects.filter(pk=who.pk).update(is_active=False)

    assert client.get("/organizations").status_code == 302


def test_making_a_person_is_recorded_without_the_password() -> None:
    made = people.create(email="Ann@People.test", password=samples.PASSWORD, by=SYSTEM)

    assert made.email == "ann@people.test"
    with tenancy.staff():
        event = AuditEvent.objects.get()
    assert event.action == "person.created"
    assert samples.PASSWORD not in str(event.__dict__)
