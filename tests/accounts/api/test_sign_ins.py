"""A person's own history of sign-ins, through HTTP."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import SignIn
from musenest.common import tenancy
from tests.samples import PASSWORD, Customer, api

pytestmark = pytest.mark.django_db

PATH = "/api/users/me/sign-ins"
FACTORS = "/api/users/me/second-factors"


def try_to_sign_in(of: Customer, password: str) -> None:
    api.anonymous().post("/api/auth/login", {"email": of.owner.email, "password": password})


def test_tries_are_told_the_newest_first_and_none_of_a_stranger(acme: Customer, borealis: Customer) -> None:
    try_to_sign_in(borealis, PASSWORD)
    try_to_sign_in(acme, PASSWORD)
    try_to_sign_in(acme, "not it")

    newest, *_ = found = api.data(api.owner(acme).get(PATH))["results"]

    assert [each["outcome"] for each in found][:2] == ["wrong_password", "succeeded"]
    assert newest["at"]
    assert {name: newest[name] for name in ("method", "address", "agent", "is_known_device")} == {
        "method": "password",
        "address": "127.0.0.1",
        "agent": "",
        "is_known_device": False,
    }
    with tenancy.staff():
        theirs = set(SignIn.objects.filter(person=borealis.owner).values_list("pk", flat=True))
    assert theirs
    assert not theirs & {each["id"] for each in found}


def test_the_history_has_pages_and_filters(acme: Customer) -> None:
    with tenancy.staff():
        SignIn.objects.filter(person=acme.owner).delete()
        SignIn.objects.bulk_create(
            SignIn(person=acme.owner, account="a", method="password", subject="x", outcome=outcome)
            for outcome in ["succeeded", "wrong_password", "succeeded"]
        )
    client = api.owner(acme)

    first = api.data(client.get(f"{PATH}?page_size=2"))
    rest = api.data(client.get(first["next"]))

    ids = [each["id"] for each in first["results"] + rest["results"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), rest["next"]) == (3, None)
    assert len(api.data(client.get(f"{PATH}?outcome=wrong_password"))["results"]) == 1
    assert api.data(client.get(f"{PATH}?at_after=2100-01-01T00:00:00Z"))["results"] == []
    assert client.get(f"{PATH}?outcome=nonsense").status_code == 422


def test_second_factors_are_told_without_their_secrets(acme: Customer, borealis: Customer) -> None:
    secret = generate_totp_secret()
    with tenancy.staff():
        TOTP.activate(acme.owner, secret)
        codes = RecoveryCodes.activate(acme.owner).get_unused_codes()
        for of, name in ((acme, "My key"), (borealis, "Their key")):
            Authenticator.objects.create(
                user=of.owner, type="webauthn", data={"name": name, "credential": {"private": "hidden"}}
            )

    answer = api.owner(acme).get(FACTORS)

    found = api.data(answer)["results"]
    assert [(each["kind"], each["name"]) for each in found] == [
        ("totp", ""),
        ("recovery_codes", ""),
        ("webauthn", "My key"),
    ]
    assert set(found[0]) == {"id", "kind", "name", "added_at", "last_used_at"}
    for hidden in (secret, "hidden", "Their key", *codes):
        assert hidden not in answer.text


@pytest.mark.parametrize("path", [PATH, FACTORS])
def test_it_is_a_persons_own(acme: Customer, path: str) -> None:
    assert api.code(api.anonymous().get(path), 401) == "NOT_SIGNED_IN"
    assert api.code(api.with_key(acme, "sites:read").get(path), 403) == "PERSON_NEEDED"
    assert api.data(api.staff().get(path))["results"] == []
