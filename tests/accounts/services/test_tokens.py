"""Refresh families: one successor, and reuse ends the family."""

from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings as configured
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import AuditEvent, Notification, Person, RefreshFamily
from accounts.selectors import token_callers
from accounts.services import tokens
from musenest.common import tenancy
from musenest.common.errors import NotSignedInError
from tests import samples
from tests.at_once import at_once


def family() -> RefreshFamily:
    with tenancy.staff():
        return RefreshFamily.objects.get()


def person_of(access: str) -> Person:
    found = tokens.opened(access)
    return token_callers.of_token(found.person, found.family, "")[0]


def refusal(text: str) -> str:
    with pytest.raises(NotSignedInError) as caught:
        tokens.rotate(text)
    return caught.value.code


@pytest.fixture
def person(db: None) -> Person:
    return samples.person()


def test_a_pair_signs_its_person_in(person: Person) -> None:
    pair = tokens.begin(person)

    assert person_of(pair.access) == person


def test_a_rotated_token_has_one_successor(person: Person) -> None:
    first = tokens.begin(person)
    second = tokens.rotate(first.refresh)
    third = tokens.rotate(second.refresh)

    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert family().is_alive


def test_reuse_ends_the_family_and_is_recorded(person: Person) -> None:
    first = tokens.begin(person)
    second = tokens.rotate(first.refresh)

    assert refusal(first.refresh) == "TOKEN_REUSED"
    assert refusal(second.refresh) == "INVALID_TOKEN"
    assert family().end_reason == "reused"
    with tenancy.staff():
        assert AuditEvent.objects.get(action="refresh_family.ended").changes == {"reason": "reused"}
        alarm = Notification.objects.get()
    assert (alarm.template, alarm.person_id) == ("token_reused", person.pk)


def test_an_access_token_ends_with_its_family(person: Person) -> None:
    pair, other = tokens.begin(person), tokens.begin(person)
    assert person_of(pair.access) == person

    tokens.end(pair.refresh)

    with pytest.raises(NotSignedInError):
        person_of(pair.access)
    assert person_of(other.access) == person


def test_an_access_token_names_no_family_of_another_person(person: Person) -> None:
    mine, theirs = tokens.begin(person), tokens.begin(samples.person())

    with pytest.raises(NotSignedInError):
        token_callers.of_token(person.pk, tokens.opened(theirs.access).family, "")
    assert person_of(mine.access) == person


def test_another_family_of_the_person_lives_on(person: Person) -> None:
    stolen, other = tokens.begin(person), tokens.begin(person)
    tokens.rotate(stolen.refresh)
    refusal(stolen.refresh)

    assert tokens.rotate(other.refresh).refresh


def test_a_disabled_person_is_refused(person: Person) -> None:
    pair = tokens.begin(person)
    with tenancy.staff():
        Person.objects.update(is_active=False)

    assert refusal(pair.refresh) == "INVALID_TOKEN"
    with pytest.raises(NotSignedInError):
        person_of(pair.access)


def test_signing_out_ends_the_family_and_twice_is_no_error(person: Person) -> None:
    first = tokens.begin(person)
    tokens.end(first.refresh)
    tokens.end(first.refresh)

    assert refusal(first.refresh) == "INVALID_TOKEN"
    assert family().end_reason == "signed out"


def test_a_family_ends_with_its_lifetime_however_often_it_is_rotated(person: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        pair = tokens.begin(person)
        clock.shift(configured.JWT_EXPIRES_IN - timedelta(seconds=5))
        pair = tokens.rotate(pair.refresh)
        clock.shift(6)

        assert refusal(pair.refresh) == "INVALID_TOKEN"


def test_an_access_token_lives_as_long_as_it_is_set(person: Person) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        access = tokens.begin(person).access
        clock.shift(15 * 60 - 1)
        assert tokens.opened(access).person == person.pk

        clock.shift(2)
        with pytest.raises(NotSignedInError):
            tokens.opened(access)


def test_one_kind_of_token_is_not_the_other(person: Person) -> None:
    pair = tokens.begin(person)

    assert refusal(pair.access) == "INVALID_TOKEN"
    with pytest.raises(NotSignedInError):
        tokens.opened(pair.refresh)


def forged(claims: dict[str, object], key: str, algorithm: str = "HS256") -> str:
    return jwt.encode({"token_type": "access", "jti": "x", **claims}, key, algorithm=algorithm)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "empty"])
def test_nonsense_is_refused(db: None, text: str) -> None:
    assert refusal(text) == "INVALID_TOKEN"
    with pytest.raises(NotSignedInError):
        tokens.opened(text)


def test_a_token_of_another_key_algorithm_or_issuer_is_refused(person: Person) -> None:
    until = timezone.now() + timedelta(hours=1)
    claims = {"sub": str(person.pk), "family": str(uuid4()), "exp": until, "iss": "musenest"}
    good = forged(claims, configured.JWT_SECRET)
    assert tokens.opened(good).person == person.pk

    for bad in (
        forged(claims, "another key, and a long one at that, for HS256"),
        forged(claims, "", "none"),
        forged(claims | {"iss": "elsewhere"}, configured.JWT_SECRET),
        forged(claims | {"token_type": "refresh"}, configured.JWT_SECRET),
        forged({**claims, "family": "nonsense"}, configured.JWT_SECRET),
        forged({name: claims[name] for name in ("sub", "exp", "iss")}, configured.JWT_SECRET),
    ):
        with pytest.raises(NotSignedInError):
            tokens.opened(bad)


def test_a_refresh_token_without_a_family_is_refused(person: Person) -> None:
    token = AccessToken.for_user(person)
    token["token_type"] = "refresh"

    assert refusal(str(token)) == "INVALID_TOKEN"


def test_the_database_holds_no_token(person: Person) -> None:
    pair = tokens.begin(person)
    identifier = jwt.decode(pair.refresh, options={"verify_signature": False})["jti"]

    assert identifier not in family().digest
    assert family().digest == tokens.digest(identifier)


def test_of_20_uses_at_once_one_gets_a_successor(committed_db: None) -> None:
    """The stock library gives as many as there are uses. The others are reuse, so the family ends."""
    pair, successors = tokens.begin(samples.person()), list[str]()

    found = at_once([lambda: successors.append(tokens.rotate(pair.refresh).refresh)] * 20)

    assert (len(successors), found.count("done"), found.count("TOKEN_REUSED")) == (1, 1, 1)
    assert set(found) == {"done", "TOKEN_REUSED", "INVALID_TOKEN"}
    assert family().end_reason == "reused"
    assert refusal(successors[0]) == "INVALID_TOKEN"


def test_of_20_tabs_at_once_one_refreshes_and_nobody_is_signed_out(committed_db: None) -> None:
    pair, successors = tokens.begin(samples.person()), list[str]()

    found = at_once([lambda: successors.append(tokens.rotate(pair.refresh, is_browser=True).refresh)] * 20)

    assert (found.count("done"), found.count("REFRESHED_ALREADY")) == (1, 19)
    assert family().is_alive
    [newest] = successors
    assert tokens.rotate(newest).refresh
