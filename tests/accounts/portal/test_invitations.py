from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, Notification, Person, Role
from accounts.services import invitations
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, Customer, customer, signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "dora@people.test"


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that were sent, which only the e-mails hold."""
    sent: list[str] = []
    send = invitations.send

    def remembering(invitation: Invitation, token: str, by: Any) -> None:
        sent.append(token)
        send(invitation, token, by)

    monkeypatch.setattr(invitations, "send", remembering)
    return sent


@pytest.fixture
def link(acme: Customer, tokens: list[str]) -> str:
    acme.client.post(acme.url("team/invite"), {"addresses": ADDRESS, "role": "reviewer"})
    return f"/invitations/{tokens[-1]}"


@pytest.fixture
def dora() -> Person:
    return samples.person(ADDRESS)


def invitation() -> Invitation:
    with tenancy.staff():
        return Invitation.objects.select_related("organization").get()


def roles_of(person: Person) -> list[str]:
    with tenancy.staff():
        return list(Membership.objects.filter(person=person).values_list("role", flat=True))


def test_signed_in_with_the_address_accepts(acme: Customer, link: str, dora: Person) -> None:
    client = signed_in(dora)
    page = client.get(link)
    assert page.context["state"] == "accept"
    assert "Join <bdi>Acme</bdi>" in page.text
    assert roles_of(dora) == []  # looking is not accepting
    response = client.post(link, follow=True)
    assert response.redirect_chain[-1][0] == acme.url()
    assert "Welcome to Acme." in response.text
    assert roles_of(dora) == [Role.REVIEWER]


def test_link_of_the_e_mail_is_this_page(link: str) -> None:
    with tenancy.staff():
        message = Notification.objects.get(template="invitation")
    assert link in message.secrets


def test_not_signed_in_is_led_to_the_sign_in_and_back(link: str) -> None:
    page = Client().get(link)
    assert page.status_code == 200
    assert page.context["state"] == "sign_in"
    assert f"/login?next={link}" in page.text
    assert ADDRESS in page.text
    assert Client().post(link).context["state"] == "sign_in"


def test_signed_in_with_another_address_changes_nothing(link: str) -> None:
    other = samples.person()
    client = signed_in(other)
    assert client.get(link).context["state"] == "other"
    assert client.post(link).status_code == 403
    assert roles_of(other) == []
    assert invitation().is_pending


def test_member_already_is_led_to_the_overview(acme: Customer, link: str, dora: Person) -> None:
    samples.membership(acme.organization, Role.VIEWER, dora)
    client = signed_in(dora)
    assert client.get(link).context["state"] == "member"
    assert client.post(link).status_code == 409
    assert roles_of(dora) == [Role.VIEWER]


def test_expired(link: str, dora: Person) -> None:
    client = signed_in(dora)
    with tenancy.staff():
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(link)
    assert (page.status_code, page.context["state"]) == (410, "expired")
    assert "Acme" not in page.text.split("<main")[1]
    assert client.post(link).status_code == 409
    assert roles_of(dora) == []


def test_revoked(acme: Customer, link: str, dora: Person) -> None:
    acme.client.post(acme.url(f"team/invitations/{invitation().pk}/revoke"))
    page = signed_in(dora).get(link)
    assert (page.status_code, page.context["state"]) == (410, "revoked")
    assert signed_in(dora).post(link).status_code == 409
    assert roles_of(dora) == []


def test_used_by_somebody_who_has_left(acme: Customer, link: str, dora: Person) -> None:
    client = signed_in(dora)
    client.post(link)
    client.post(acme.url("team/leave"))
    assert client.get(link).context["state"] == "accepted"
    assert client.post(link).status_code == 409
    assert roles_of(dora) == []


def test_link_of_the_e_mail_before_is_nobodys(
    acme: Customer, link: str, tokens: list[str], dora: Person
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        acme.client.post(acme.url(f"team/invitations/{invitation().pk}/resend"))
    assert signed_in(dora).get(link).status_code == 404
    assert signed_in(dora).get(f"/invitations/{tokens[-1]}").context["state"] == "accept"


@pytest.mark.parametrize("token", ["x", "%2e%2e", "a" * 10_000, "<script>"])
def test_invented_token_is_404(link: str, dora: Person, token: str) -> None:
    for client in (Client(), signed_in(dora)):
        response = client.get(f"/invitations/{token}")
        assert response.status_code == 404
        assert "Acme" not in response.text


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}Acme", "A" * 120]
)
def test_name_of_the_organization_is_harmless_on_the_page(tokens: list[str], dora: Person, name: str) -> None:
    of = customer(name)
    of.client.post(of.url("team/invite"), {"addresses": ADDRESS, "role": "viewer"})
    page = signed_in(dora).get(f"/invitations/{tokens[-1]}").text
    assert "<img src=x" not in page
    assert "<bdi>" in page


def test_who_registers_by_an_invitation_joins_that_organization_and_no_other(
    acme: Customer, link: str
) -> None:
    client = Client()
    page = client.get(f"/register?next={link}&email=else@people.test").text
    assert f'value="{ADDRESS}"' in page
    assert "disabled" in page
    assert 'name="organization"' not in page
    assert f"{invitation().invited_by} invites you to join Acme." in page

    answer = client.post(
        "/register",
        {"next": link, "email": "else@people.test", "password1": PASSWORD, "organization": "Mine"},
    )

    assert answer["Location"] == link
    assert client.post(link)["Location"] == acme.url()
    with tenancy.staff():
        person = Person.objects.get(email=ADDRESS)
        assert not Person.objects.filter(email="else@people.test").exists()
    assert roles_of(person) == [Role.REVIEWER]


@pytest.mark.parametrize("path", ["/invitations/unknown", "/team/{}", "https://else.test/invitations/{}"])
def test_what_is_no_invitation_registers_as_ever(link: str, path: str) -> None:
    page = Client().get("/register", {"next": path.format(link.rpartition("/")[2])}).text
    assert 'name="organization"' in page
    assert ADDRESS not in page


def test_an_invitation_that_was_revoked_locks_nothing(acme: Customer, link: str) -> None:
    acme.client.post(acme.url(f"team/invitations/{invitation().pk}/revoke"))
    assert invitation().status == "revoked"
    assert 'name="organization"' in Client().get(f"/register?next={link}").text
