import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Invitation, Membership, Notification, Role
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, customer, member, signed_in

pytestmark = pytest.mark.django_db


def colleague(of: Customer, role: str = Role.MEMBER) -> Membership:
    return samples.membership(of.organization, role)


def invited(of: Customer) -> list[tuple[str, str]]:
    with of.scope():
        return list(Invitation.objects.order_by("email").values_list("email", "role"))


def role_of(membership: Membership) -> str:
    with tenancy.staff():
        found = Membership.objects.filter(pk=membership.pk).first()
    return found.role if found else "gone"


def test_page_lists_own_members_only(acme: Customer, borealis: Customer) -> None:
    mine, theirs = colleague(acme), colleague(borealis)
    page = acme.client.get(acme.url("team")).text
    assert mine.person.email in page
    assert theirs.person.email not in page
    assert acme.client.get(borealis.url("team")).status_code == 404


def test_viewer_sees_no_buttons_and_no_invitations(acme: Customer) -> None:
    acme.client.post(acme.url("team/invite"), {"addresses": "carla@acme.test", "role": "viewer"})
    page = member(acme, Role.VIEWER).get(acme.url("team")).text
    assert acme.owner.email in page
    assert "carla@acme.test" not in page
    assert "Invite people" not in page
    assert "/team/members/" not in page
    assert "Hand the organisation over" not in page
    assert "What each role may do" in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_stays_within_its_queries(
    acme: Customer, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        colleague(acme)
        acme.client.post(acme.url("team/invite"), {"addresses": f"{number}@acme.test", "role": "viewer"})
    acme.client.get(acme.url("team"))  # shows the toast, which is in the session
    with django_assert_max_num_queries(5):  # session, person, membership, members, invitations
        acme.client.get(acme.url("team"))


def test_invite_several_at_once(acme: Customer) -> None:
    form = {"addresses": "Dora@acme.test, emil@acme.test\nemil@acme.test", "role": "reviewer"}
    response = acme.client.post(acme.url("team/invite"), form, follow=True)
    assert invited(acme) == [("dora@acme.test", "reviewer"), ("emil@acme.test", "reviewer")]
    assert "2 invitations are on their way." in response.text
    with tenancy.staff():
        assert Notification.objects.filter(template="invitation").count() == 2


def test_invite_keeps_who_was_refused_and_says_why(acme: Customer) -> None:
    known = colleague(acme)
    form = {"addresses": f"dora@acme.test {known.person.email}", "role": "viewer"}
    response = acme.client.post(acme.url("team/invite"), form)
    assert response.status_code == 422
    assert invited(acme) == [("dora@acme.test", "viewer")]
    assert f"{known.person.email}: This person is a member already." in response.text
    assert response.context["form"].initial["addresses"] == known.person.email


@pytest.mark.parametrize(
    "addresses",
    [
        "",
        "nobody",
        "a@b.test, <script>alert(1)</script>@x",
        "x" * 10_000,
        " ".join(f"{n}@a.test" for n in range(21)),
    ],
)
def test_invite_refuses_what_is_no_address_and_too_many(acme: Customer, addresses: str) -> None:
    response = acme.client.post(acme.url("team/invite"), {"addresses": addresses, "role": "viewer"})
    assert response.status_code == 422
    assert "addresses" in response.context["form"].errors
    assert "<script>alert" not in response.text
    assert invited(acme) == []


def test_admin_invites_no_owner(acme: Customer) -> None:
    admin = member(acme, Role.ADMIN)
    form = {"addresses": "dora@acme.test", "role": "owner"}
    assert admin.post(acme.url("team/invite"), form).status_code == 422
    assert invited(acme) == []


def test_an_owner_is_invited_after_a_proof(acme: Customer) -> None:
    stale = signed_in(acme.owner, seconds_ago=16 * 60)
    url = acme.url("team/invite")

    asked = stale.post(url, {"addresses": "dora@acme.test", "role": "owner"})

    assert asked["Location"].startswith("/confirm?next=")
    assert invited(acme) == []
    assert stale.post(url, {"addresses": "dora@acme.test", "role": "admin"})["Location"] == acme.url("team")


def test_resend_and_revoke(acme: Customer, borealis: Customer) -> None:
    acme.client.post(acme.url("team/invite"), {"addresses": "dora@acme.test", "role": "viewer"})
    with acme.scope():
        invitation = Invitation.objects.get()
    path = f"team/invitations/{invitation.pk}"
    assert borealis.client.post(borealis.url(f"{path}/revoke")).status_code == 404
    assert acme.client.post(acme.url(f"{path}/resend")).status_code == 429  # it was sent just now
    assert acme.client.post(acme.url(f"{path}/revoke"), follow=True).status_code == 200
    with acme.scope():
        assert Invitation.objects.get().status == "revoked"
    assert "dora@acme.test" not in acme.client.get(acme.url("team")).context["invitations"]


def test_an_admin_is_not_offered_what_an_owner_invited_an_owner_by(acme: Customer) -> None:
    for role in ("owner", "admin"):
        acme.client.post(acme.url("team/invite"), {"addresses": f"{role}@acme.test", "role": role})
    with acme.scope():
        of_owner, of_admin = Invitation.objects.order_by("created_at")
    text = member(acme, Role.ADMIN).get(acme.url("team")).text

    for what in ("resend", "revoke"):
        assert f"{of_owner.pk}/{what}" not in text
        assert f"{of_admin.pk}/{what}" in text
        assert f"{of_owner.pk}/{what}" in acme.client.get(acme.url("team")).text


def test_leaving_ends_the_membership_at_once(acme: Customer) -> None:
    found = colleague(acme)
    client = signed_in(found.person)
    assert client.get(acme.url("team")).status_code == 200
    assert client.post(acme.url("team/leave")).headers["Location"] == "/"
    assert client.get(acme.url("team")).status_code == 404
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="membership.left").count() == 1


def test_last_owner_cannot_leave(acme: Customer) -> None:
    response = acme.client.post(acme.url("team/leave"))
    assert response.status_code == 409
    assert "needs an owner" in response.text
    assert acme.client.get(acme.url("team")).status_code == 200


def test_transfer_makes_another_the_owner(acme: Customer) -> None:
    heir = colleague(acme, Role.ADMIN)
    form = {"member": str(heir.person_id), "typed": "Acme"}
    assert acme.client.get(acme.url("team/transfer")).status_code == 200
    response = acme.client.post(acme.url("team/transfer"), form, follow=True)
    assert response.status_code == 200
    assert role_of(heir) == Role.OWNER
    assert acme.client.get(acme.url("team/transfer")).status_code == 403


@pytest.mark.parametrize(("typed", "whom"), [("acme", "heir"), ("Acme", "stranger"), ("Acme", "")])
def test_transfer_needs_the_name_and_a_member(
    acme: Customer, borealis: Customer, typed: str, whom: str
) -> None:
    heir, stranger = colleague(acme), colleague(borealis)
    chosen = {"heir": str(heir.person_id), "stranger": str(stranger.person_id)}.get(whom, "")
    response = acme.client.post(acme.url("team/transfer"), {"member": chosen, "typed": typed})
    assert response.status_code == 422
    assert role_of(heir) == Role.MEMBER


def test_transfer_asks_whoever_signed_in_long_ago_again(acme: Customer) -> None:
    heir = colleague(acme)
    stale = signed_in(acme.owner, seconds_ago=86_400)
    answer = stale.post(acme.url("team/transfer"), {"member": str(heir.person_id), "typed": "Acme"})
    assert answer.headers["Location"].startswith("/confirm?next=")
    assert role_of(heir) == Role.MEMBER


def test_transfer_alone_leads_to_inviting(acme: Customer) -> None:
    assert "You are the only member" in acme.client.get(acme.url("team/transfer")).text


@pytest.mark.parametrize("name", ["<b>Acme</b>", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}Acme", "A" * 120])
def test_any_name_is_harmless(name: str) -> None:
    acme = customer(name)
    found = colleague(acme)
    found.person.name = name
    with tenancy.staff():
        found.person.save()
    page = acme.client.get(acme.url("team")).text
    assert "<b>Acme" not in page
    assert "<bdi>" in page


def test_disabled_member_is_marked(acme: Customer) -> None:
    found = colleague(acme)
    found.person.is_active = False
    with tenancy.staff():
        found.person.save()
    assert "Disabled" in acme.client.get(acme.url("team")).text


def test_nobody_is_sent_to_the_sign_in(acme: Customer) -> None:
    assert Client().get(acme.url("team")).headers["Location"].startswith("/login?next=")
