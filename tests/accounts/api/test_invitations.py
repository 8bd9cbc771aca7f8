"""Invitations through HTTP: from the e-mail to the membership."""

import re
from typing import Any

import pytest
from django.core import mail

from accounts.models import Invitation, Notification
from musenest.common import tenancy, work
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

ADDRESS = "new@people.test"
ACCEPT = "/api/invitations/accept"


def address(of: Customer, rest: str = "") -> str:
    return f"/api/organizations/{of.organization.slug}/invitations{rest}"


def invite(of: Customer, email: str = ADDRESS, role: str = "reviewer") -> Any:
    return api.owner(of).post(address(of), {"email": email, "role": role})


def token_in_the_mail() -> str:
    with tenancy.staff():
        written = Notification.objects.latest("created_at")
    work.run("notification", str(written.pk))
    found = re.search(r"/invitations/([\w-]+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_from_the_mail_to_the_membership(acme: Customer) -> None:
    made = api.data(invite(acme), 201)
    assert (made["email"], made["role"], made["status"]) == (ADDRESS, "reviewer", "pending")
    token = token_in_the_mail()
    assert token not in str(made)
    registered = api.anonymous().post("/api/auth/register", {"email": ADDRESS, "password": samples.PASSWORD})
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {api.data(registered, 201)['access']}")

    found = api.data(client.post(ACCEPT, {"token": token}), 201)

    assert (found["slug"], found["role"]) == (acme.organization.slug, "reviewer")
    assert api.data(client.get(f"/api/organizations/{acme.organization.slug}"))["name"] == "Acme"
    assert api.code(client.post(ACCEPT, {"token": token}), 409) == "INVITATION_ACCEPTED"
    (listed,) = api.data(api.owner(acme).get(address(acme)))["results"]
    assert listed["status"] == "accepted"


def test_somebody_else_with_the_link_is_refused(acme: Customer) -> None:
    invite(acme)

    answer = api.owner(samples.customer("Thief")).post(ACCEPT, {"token": token_in_the_mail()})
    assert api.code(answer, 403) == "INVITATION_FOR_ANOTHER"


@pytest.mark.parametrize("token", ["nonsense", "x" * 200])
def test_a_wrong_token_is_not_found(acme: Customer, token: str) -> None:
    assert api.code(api.owner(acme).post(ACCEPT, {"token": token}), 404) == "INVITATION_UNKNOWN"


def test_a_revoked_one_is_good_for_nothing(acme: Customer) -> None:
    made = api.data(invite(acme), 201)
    token = token_in_the_mail()

    assert api.owner(acme).delete(address(acme, f"/{made['id']}")).status_code == 204

    client = api.program_of(samples.person(ADDRESS))
    assert api.code(client.post(ACCEPT, {"token": token}), 409) == "INVITATION_REVOKED"
    assert api.code(api.owner(acme).delete(address(acme, f"/{made['id']}")), 409) == "INVITATION_REVOKED"


def test_sending_again_at_once_is_refused_with_a_wait(acme: Customer) -> None:
    made = api.data(invite(acme), 201)

    answer = api.owner(acme).post(address(acme, f"/{made['id']}/resend"))
    assert (api.code(answer, 429), answer["Retry-After"]) == ("SENT_JUST_NOW", "60")


@pytest.mark.parametrize(("role", "gives"), [("admin", "owner")])
def test_nobody_gives_more_than_he_has(acme: Customer, role: str, gives: str) -> None:
    answer = api.member(acme, role).post(address(acme), {"email": ADDRESS, "role": gives})
    assert api.code(answer, 403) == "ROLE_BEYOND_YOURS"


def test_nobody_takes_back_more_than_he_has(acme: Customer) -> None:
    ours, theirs = api.data(invite(acme, role="owner"), 201)["id"], api.member(acme, "admin")

    assert api.code(theirs.delete(address(acme, f"/{ours}")), 403) == "ROLE_BEYOND_YOURS"
    assert api.data(api.owner(acme).get(address(acme)))["results"][0]["status"] == "pending"
    assert api.owner(acme).delete(address(acme, f"/{ours}")).status_code == 204
    lesser = api.data(invite(acme, role="admin"), 201)["id"]
    assert theirs.delete(address(acme, f"/{lesser}")).status_code == 204


def test_an_owner_is_invited_after_a_fresh_sign_in(acme: Customer) -> None:
    stale = samples.signed_in(acme.owner, seconds_ago=16 * 60)
    body, json = {"email": ADDRESS, "role": "owner"}, "application/json"

    assert api.code(stale.post(address(acme), body, content_type=json), 403) == "STEP_UP_REQUIRED"
    api.data(stale.post(address(acme), body | {"role": "admin"}, content_type=json), 201)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", f"{ADDRESS}\nBcc: all@people.test", "x" * 300])
def test_what_is_no_address_is_refused(acme: Customer, email: str) -> None:
    assert api.code(invite(acme, email), 422) == "VALIDATION_ERROR"


def test_an_invitation_of_another_organization_is_not_there(acme: Customer) -> None:
    stranger = samples.customer("Stranger")
    theirs = api.data(invite(stranger), 201)["id"]

    assert api.owner(acme).delete(address(acme, f"/{theirs}")).status_code == 404
    assert api.owner(acme).post(address(acme, f"/{theirs}/resend")).status_code == 404
    assert api.data(api.owner(acme).get(address(acme)))["results"] == []
    with tenancy.staff():
        assert Invitation.objects.get().is_pending
