"""Inviting, accepting, revoking: who may, for whom, and once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from accounts.models import Invitation, Membership, Notification, Person
from accounts.services import invitations
from musenest.common import tenancy
from musenest.common.errors import ConflictError, DeniedError, LimitError, MuseNestError, NotFoundError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

ADDRESS = "new@people.test"


def invite(of: Customer, email: str = ADDRESS, role: str = "member", by: Person | None = None) -> Invitation:
    with of.scope():
        return invitations.invite(
            organization=of.organization, email=email, role=role, by=(by or of.owner).actor
        )


def token_of(invitation: Invitation) -> str:
    """From the newest e-mail to its address."""
    with tenancy.staff():
        written = Notification.objects.filter(address=invitation.email).order_by("-created_at")[0]
    found = re.search(r"/invitations/([\w-]+)", written.secrets)
    assert found
    return found[1]


def code(raised: pytest.ExceptionInfo[MuseNestError]) -> str:
    return raised.value.code


def test_an_invited_person_who_registers_becomes_a_member(acme: Customer) -> None:
    invitation = invite(acme, "New@People.test", "reviewer")
    person = samples.person(ADDRESS)

    membership = invitations.accept(token=token_of(invitation), person=person)

    assert (membership.organization, membership.person, membership.role) == (
        acme.organization,
        person,
        "reviewer",
    )
    assert samples.recorded() == ["invitation.made", "membership.added", "invitation.accepted"]


def test_the_database_holds_no_token(acme: Customer) -> None:
    invitation = invite(acme)
    token = token_of(invitation)

    with tenancy.staff():
        assert token not in str(list(Invitation.objects.values()))
        assert token not in str(list(Notification.objects.values("context")))
        assert not Notification.objects.filter(secrets__contains=token).exists()


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000])
def test_another_token_is_not_there(token: str) -> None:
    with pytest.raises(NotFoundError):
        invitations.accept(token=token, person=samples.person())


def test_somebody_with_another_address_is_refused(acme: Customer) -> None:
    invitation, thief = invite(acme), samples.person("thief@people.test")

    with pytest.raises(DeniedError) as raised:
        invitations.accept(token=token_of(invitation), person=thief)

    assert code(raised) == "INVITATION_FOR_ANOTHER"
    with tenancy.staff():
        assert not Membership.objects.filter(person=thief).exists()


def test_it_lets_in_once(acme: Customer) -> None:
    invitation, person = invite(acme), samples.person(ADDRESS)
    invitations.accept(token=token_of(invitation), person=person)

    with pytest.raises(ConflictError) as raised:
        invitations.accept(token=token_of(invitation), person=person)
    assert code(raised) == "INVITATION_ACCEPTED"


def test_it_ends_after_seven_days(acme: Customer) -> None:
    invitation, person = invite(acme), samples.person(ADDRESS)

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        with pytest.raises(ConflictError) as raised:
            invitations.accept(token=token_of(invitation), person=person)
        assert code(raised) == "INVITATION_EXPIRED"


def test_a_revoked_one_lets_nobody_in_and_is_revoked_once(acme: Customer) -> None:
    invitation = invite(acme)
    with acme.scope():
        invitations.revoke(invitation=invitation, by=acme.owner.actor)
        with pytest.raises(ConflictError):
            invitations.revoke(invitation=invitation, by=acme.owner.actor)

    with pytest.raises(ConflictError) as raised:
        invitations.accept(token=token_of(invitation), person=samples.person(ADDRESS))
    assert code(raised) == "INVITATION_REVOKED"
    assert samples.recorded().count("invitation.revoked") == 1


def test_sending_it_again_makes_the_first_link_useless(acme: Customer) -> None:
    invitation = invite(acme)
    first = token_of(invitation)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)), acme.scope():
        invitations.resend(invitation=invitation, by=acme.owner.actor)
        second = token_of(invitation)

    person = samples.person(ADDRESS)
    with pytest.raises(NotFoundError):
        invitations.accept(token=first, person=person)
    assert invitations.accept(token=second, person=person).role == "member"


def test_it_is_not_sent_again_within_a_minute(acme: Customer) -> None:
    invitation = invite(acme)

    with acme.scope(), pytest.raises(LimitError) as raised:
        invitations.resend(invitation=invitation, by=acme.owner.actor)
    assert raised.value.retry_after == 60


def test_an_address_is_invited_once_at_a_time(acme: Customer) -> None:
    invite(acme)

    with pytest.raises(ConflictError) as raised:
        invite(acme, ADDRESS.upper())
    assert code(raised) == "INVITED_ALREADY"


def test_an_expired_one_makes_room_for_another(acme: Customer) -> None:
    invite(acme)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert invite(acme).is_pending


def test_a_member_is_not_invited(acme: Customer) -> None:
    member = samples.membership(acme.organization)

    with pytest.raises(ConflictError) as raised:
        invite(acme, member.person.email)
    assert code(raised) == "ALREADY_MEMBER"


@pytest.mark.parametrize(("role", "gives"), [("admin", "owner"), ("member", "admin"), ("viewer", "member")])
def test_nobody_invites_with_more_rights_than_his_own(acme: Customer, role: str, gives: str) -> None:
    inviter = samples.membership(acme.organization, role).person

    with pytest.raises(DeniedError) as raised:
        invite(acme, role=gives, by=inviter)
    assert code(raised) == "ROLE_BEYOND_YOURS"


def test_an_organization_sends_a_hundred_in_a_day(acme: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "SENT_IN_A_DAY", 2)
    invite(acme, "one@people.test")
    invite(acme, "two@people.test")

    with pytest.raises(LimitError):
        invite(acme, "three@people.test")


def test_an_invitation_is_not_another_organizations(acme: Customer) -> None:
    invitation = invite(acme)

    with samples.customer("Other").scope():
        assert not Invitation.objects.filter(pk=invitation.pk).exists()
        with pytest.raises(ObjectDoesNotExist):
            invitations.revoke(invitation=invitation, by=acme.owner.actor)


def test_a_name_is_no_link_in_our_letter() -> None:
    assert "evil.example" not in invitations.unlinked("Sign in at https://evil.example/now")
    assert "https://" not in invitations.unlinked("Sign in at https://evil.example/now")
    assert invitations.unlinked("Acme Inc. and Sons") == "Acme Inc. and Sons"


def test_an_address_stands_in_our_letter_as_it_is(acme: Customer) -> None:
    with acme.scope():
        invite(acme, "new@people.test")
    with tenancy.staff():
        assert Notification.objects.get(template="invitation").context["inviter"] == acme.owner.email
    assert invitations.ADDRESS.fullmatch("anna.b+shop@people.test")
    assert not invitations.ADDRESS.fullmatch("www.evil.example@people.test")
    assert not invitations.ADDRESS.fullmatch("evil.example/now@people.test")


def test_a_name_is_one_line_in_our_letter() -> None:
    assert invitations.unlinked("Att\n\nYour account is\tsuspended") == "Att Your account is suspended"
    assert "evil。com" not in invitations.unlinked("evil。com")
