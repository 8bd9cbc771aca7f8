"""Somebody registers with another's address; its owner comes later, by a new password."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import ApiKey, AuditEvent, Invitation, Membership, Notification, Person
from accounts.services import api_keys, email_addresses, invitations, people, tokens
from musenest.common import tenancy
from musenest.common.errors import NotSignedInError
from tests.samples import PASSWORD, Customer, signed_in

pytestmark = pytest.mark.django_db

EMAIL = "owner@people.test"
NEW = "another horse entirely"


@pytest.fixture
def squatter(monkeypatch: pytest.MonkeyPatch) -> Customer:
    """With all that somebody could leave, also what is refused by now to who is not verified."""
    person = people.register(email=EMAIL, password=PASSWORD, organization="Acme")
    with tenancy.staff():
        organization = Membership.objects.select_related("organization").get(person=person).organization
        EmailAddress.objects.create(user=person, email=EMAIL, primary=True)
        EmailAddress.objects.create(user=person, email="squatter@evil.test")
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
        Authenticator.objects.create(user=person, type="webauthn", data={"name": "mine", "credential": {}})
        Authenticator.objects.create(user=person, type="recovery_codes", data={"seed": "x"})
        SocialAccount.objects.create(user=person, provider="google", uid="666")
    acme = Customer(organization, person, signed_in(person))
    with acme.scope(), monkeypatch.context() as patched:
        patched.setattr(email_addresses, "refuse_unverified", lambda by: None)
        api_keys.create(organization=organization, name="Back door", scopes=["analyze"], by=person.actor)
        invitations.invite(organization=organization, email="friend@evil.test", role="owner", by=person.actor)
    return acme


def reset(email: str = EMAIL) -> Client:
    """The owner's browser, in which the link of the e-mail was opened."""
    client = Client()
    client.post("/reset-password", {"email": email})
    with tenancy.staff():
        secrets = Notification.objects.filter(template="reset_password").latest("created_at").secrets
    link = str(json.loads(secrets)["link"]).removeprefix("http://127.0.0.1:3000")
    form = client.get(link)["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW})["Location"] == "/reset-password/done"
    return client


def left_behind(acme: Customer) -> dict[str, Any]:
    with tenancy.staff():
        return {
            "factors": Authenticator.objects.filter(user=acme.owner).count(),
            "google": SocialAccount.objects.filter(user=acme.owner).count(),
            "addresses": list(EmailAddress.objects.filter(user=acme.owner).values_list("email", flat=True)),
            "keys": ApiKey.objects.usable().count(),
            "invitations": Invitation.objects.all().pending().count(),
            "verified": Person.objects.get(pk=acme.owner.pk).is_verified,
        }


def actions() -> set[str]:
    with tenancy.staff():
        return set(AuditEvent.objects.values_list("action", flat=True))


def test_nothing_of_the_squatter_lets_in_any_more(squatter: Customer) -> None:
    pair = tokens.begin(squatter.owner)
    assert squatter.client.get(squatter.url()).status_code == 200

    reset()

    assert left_behind(squatter) == {
        "factors": 0, "google": 0, "addresses": [EMAIL], "keys": 0, "invitations": 0, "verified": True,
    }  # fmt: skip
    assert squatter.client.get(squatter.url()).status_code == 302
    with pytest.raises(NotSignedInError):
        tokens.rotate(pair.refresh)
    assert {
        "person.reclaimed", "second_factor.removed", "api_key.revoked", "invitation.revoked",
        "email.verified", "refresh_family.ended", "password.changed",
    } <= actions()  # fmt: skip
    with tenancy.staff():
        told = AuditEvent.objects.get(action="person.reclaimed").changes
    assert (told["second_factors"], told["api_keys"], told["invitations"], told["google"]) == (3, 1, 1, 1)


def test_who_may_no_longer_take_an_invitation_back_leaves_none(squatter: Customer) -> None:
    with tenancy.staff():
        Membership.objects.filter(person=squatter.owner).update(role="viewer")

    reset()

    assert left_behind(squatter)["invitations"] == 0


def test_the_owner_signs_in_with_the_password_alone(squatter: Customer) -> None:
    client = reset()

    answer = client.post("/login", {"email": EMAIL, "password": NEW})

    assert answer["Location"] == "/dashboard"
    assert "Verify your address" not in client.get(squatter.url()).text


def test_who_had_proven_the_address_keeps_everything(squatter: Customer) -> None:
    with tenancy.staff():
        address = EmailAddress.objects.get(email=EMAIL)
        address.verified = True
        address.save()

    reset()

    kept = left_behind(squatter)
    assert (kept["factors"], kept["google"], kept["keys"], kept["invitations"]) == (3, 1, 1, 1)
    assert "person.reclaimed" not in actions()


def test_a_stranger_of_the_same_organization_keeps_theirs(squatter: Customer) -> None:
    other = people.register(email="other@people.test", password=PASSWORD, organization="Other")
    with tenancy.staff():
        Authenticator.objects.create(user=other, type="totp", data={"secret": "x"})

    reset()

    with tenancy.staff():
        assert Authenticator.objects.filter(user=other).exists()


def test_whose_tries_were_used_up_by_others_signs_in_after_a_new_password(squatter: Customer) -> None:
    for _ in range(6):
        Client().post("/login", {"email": EMAIL, "password": "guess"})
    assert Client().post("/login", {"email": EMAIL, "password": PASSWORD}).status_code == 429

    client = reset()

    assert client.post("/login", {"email": EMAIL, "password": NEW}).status_code == 302
