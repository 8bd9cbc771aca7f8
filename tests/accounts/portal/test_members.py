from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Membership, Role
from accounts.services import memberships
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(acme: Customer) -> Membership:
    return samples.membership(acme.organization)


def page_of(found: Membership, action: str = "") -> str:
    return f"team/members/{found.person_id}{action}"


def fresh(found: Membership) -> Membership | None:
    with tenancy.staff():
        return Membership.objects.filter(organization=found.organization, person=found.person).first()


def role_of(found: Membership) -> str:
    row = fresh(found)
    return row.role if row else "gone"


def test_role_changed_counts_on_the_next_request(acme: Customer, anna: Membership) -> None:
    client = signed_in(anna.person)
    assert client.get(acme.url("audit")).status_code == 403
    response = acme.client.post(acme.url(page_of(anna, "/role")), {"role": "admin"}, follow=True)
    assert f"{anna.person.email} is Admin" in response.text
    assert client.get(acme.url("audit")).status_code == 200
    acme.client.post(acme.url(page_of(anna, "/role")), {"role": "viewer"})
    assert client.get(acme.url("audit")).status_code == 403


@pytest.mark.parametrize("role", ["", "emperor", "OWNER"])
def test_role_that_does_not_exist_changes_nothing(acme: Customer, anna: Membership, role: str) -> None:
    assert acme.client.post(acme.url(page_of(anna, "/role")), {"role": role}).status_code == 422
    assert role_of(anna) == Role.MEMBER


def test_admin_makes_no_owner_and_touches_none(acme: Customer, anna: Membership) -> None:
    admin = member(acme, Role.ADMIN)
    owner = acme.owner.pk
    assert admin.post(acme.url(page_of(anna, "/role")), {"role": "owner"}).status_code == 403
    assert admin.post(acme.url(f"team/members/{owner}/role"), {"role": "viewer"}).status_code == 403
    assert admin.post(acme.url(f"team/members/{owner}/remove")).status_code == 403
    assert role_of(anna) == Role.MEMBER
    page = admin.get(acme.url(f"team/members/{owner}")).text
    assert "This member has more rights than you" in page
    assert "Remove from the organisation" not in page


def test_strangers_member_is_not_there(acme: Customer, borealis: Customer, anna: Membership) -> None:
    for action in ("/role", "/remove", "/child-safety"):
        form = {"role": "viewer", "granted": "yes"}
        assert borealis.client.post(borealis.url(page_of(anna, action)), form).status_code == 404
        assert borealis.client.post(acme.url(page_of(anna, action)), form).status_code == 404
    assert borealis.client.get(borealis.url(page_of(anna))).status_code == 404
    assert role_of(anna) == Role.MEMBER


def test_removed_member_sees_nothing_on_the_next_request(acme: Customer, anna: Membership) -> None:
    client = signed_in(anna.person)
    assert client.get(acme.url("team")).status_code == 200
    acme.client.post(acme.url(page_of(anna, "/remove")))
    assert client.get(acme.url("team")).status_code == 404


def removed(acme: Customer, anna: Membership) -> str:
    """The proof that the page after the removal carries."""
    response = acme.client.post(acme.url(page_of(anna, "/remove")))
    return parse_qs(urlsplit(response.headers["Location"]).query)["undo"][0]


def test_removal_is_undone(acme: Customer, anna: Membership) -> None:
    proof = removed(acme, anna)
    page = acme.client.get(acme.url("team"), {"undo": proof}).text
    assert f"{anna.person.email} does not belong to the organisation any more" in page
    response = acme.client.post(acme.url("team/undo"), {"proof": proof}, follow=True)
    assert "is a member again" in response.text
    assert role_of(anna) == Role.MEMBER
    assert acme.client.post(acme.url("team/undo"), {"proof": proof}).status_code == 409


def test_undoing_does_not_bring_the_grant_back(acme: Customer, anna: Membership) -> None:
    acme.client.post(acme.url(page_of(anna, "/child-safety")), {"granted": "yes"})
    row = fresh(anna)
    assert row is not None
    assert row.has_child_safety
    acme.client.post(acme.url("team/undo"), {"proof": removed(acme, anna)})
    row = fresh(anna)
    assert row is not None
    assert not row.has_child_safety


def test_removal_cannot_be_undone_elsewhere_later_or_by_invention(
    acme: Customer, borealis: Customer, anna: Membership
) -> None:
    proof = removed(acme, anna)
    assert borealis.client.post(borealis.url("team/undo"), {"proof": proof}).status_code == 409
    for invented in ("", "x", f"{proof}x"):
        assert acme.client.post(acme.url("team/undo"), {"proof": invented}).status_code == 409
        assert acme.client.get(acme.url("team"), {"undo": invented}).context["removed"] == ""
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert acme.client.post(acme.url("team/undo"), {"proof": proof}).status_code == 409
    assert role_of(anna) == "gone"


def test_admin_does_not_undo_the_removal_of_an_owner(acme: Customer) -> None:
    admin = member(acme, Role.ADMIN)
    second = samples.membership(acme.organization, Role.OWNER)
    proof = removed(acme, second)
    assert admin.post(acme.url("team/undo"), {"proof": proof}).status_code == 403
    assert role_of(second) == "gone"


def test_only_an_owner_grants_child_safety(acme: Customer, anna: Membership) -> None:
    admin = member(acme, Role.ADMIN)
    path = acme.url(page_of(anna, "/child-safety"))
    assert admin.post(path, {"granted": "yes"}).status_code == 403
    assert "Only an owner grants and withdraws it." in admin.get(acme.url(page_of(anna))).text
    acme.client.post(path, {"granted": "yes"})
    assert f"Granted by {acme.owner.email}" in acme.client.get(acme.url(page_of(anna))).text
    acme.client.post(path, {"granted": "no"})
    assert "Not granted." in acme.client.get(acme.url(page_of(anna))).text


def test_own_page_changes_nothing(acme: Customer) -> None:
    page = acme.client.get(acme.url(f"team/members/{acme.owner.pk}")).text
    assert "This is you" in page
    assert "Change the role" not in page


@pytest.mark.parametrize(
    ("action", "form"), [("/role", {"role": "owner"}), ("/child-safety", {"granted": "yes"})]
)
def test_an_owner_and_a_grant_are_asked_for_a_proof_first(
    acme: Customer, anna: Membership, action: str, form: dict[str, str]
) -> None:
    stale, page = signed_in(acme.owner, seconds_ago=16 * 60), acme.url(page_of(anna))

    asked = stale.post(acme.url(page_of(anna, action)), form, headers={"Referer": f"http://testserver{page}"})

    assert asked["Location"] == f"/confirm?{urlencode({'next': page})}"
    row = fresh(anna)
    assert row is not None
    assert (row.role, row.has_child_safety) == (Role.MEMBER, False)


def test_less_than_an_owner_and_taking_a_grant_back_need_no_proof(acme: Customer, anna: Membership) -> None:
    stale = signed_in(acme.owner, seconds_ago=16 * 60)
    with acme.scope():
        memberships.grant_child_safety(membership=anna, by=acme.owner.actor)

    stale.post(acme.url(page_of(anna, "/role")), {"role": "viewer"})
    stale.post(acme.url(page_of(anna, "/child-safety")), {"granted": "no"})

    row = fresh(anna)
    assert row is not None
    assert (row.role, row.has_child_safety) == (Role.VIEWER, False)
