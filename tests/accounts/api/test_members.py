"""Members through HTTP: changing a role, the grant, removing, leaving."""

import pytest

from accounts.models import Membership, Person
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api, signed_in

pytestmark = pytest.mark.django_db

NO_KEYS = {"live_api_keys": 0, "revoked_api_keys": 0}


def address(of: Customer, person: Person | None = None) -> str:
    return f"/api/organizations/{of.organization.slug}/members" + (f"/{person.pk}" if person else "")


def joined(of: Customer, role: str = "member") -> Person:
    return samples.membership(of.organization, role).person


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_has_a_fixed_number_of_queries(acme: Customer, count: int) -> None:
    for _ in range(count):
        joined(acme)
    client = api.owner(acme)

    with api.counted() as statements:
        found = api.data(client.get(address(acme)))

    assert [each["role"] for each in found["results"]] == ["owner", *["member"] * count]
    assert len(statements) == 3, statements


def test_a_changed_role_counts_on_the_next_request(acme: Customer) -> None:
    person = joined(acme)
    theirs = api.program_of(person)
    assert theirs.post(api.SITES, {}).status_code == 422

    assert api.data(api.owner(acme).patch(address(acme, person), {"role": "viewer"}))["role"] == "viewer"

    assert api.code(theirs.post(api.SITES, {}), 403) == "DENIED"


def test_a_removed_member_is_a_stranger_on_the_next_request(acme: Customer) -> None:
    person = joined(acme)
    theirs = api.program_of(person)

    assert api.data(api.owner(acme).delete(address(acme, person))) == NO_KEYS

    assert theirs.get(address(acme)).status_code == 404
    assert api.code(api.owner(acme).delete(address(acme, person)), 404) == "MEMBER_UNKNOWN"


@pytest.mark.parametrize(
    ("query", "live", "revoked"), [("", 1, 0), ("?revoke_keys=false", 1, 0), ("?revoke_keys=true", 0, 1)]
)
def test_the_answer_says_what_became_of_the_persons_keys(
    acme: Customer, query: str, live: int, revoked: int
) -> None:
    person = joined(acme, "admin")
    key = {"name": "Shop", "scopes": ["analyze"]}
    assert api.data(api.program_of(person).post("/api/api-keys", key), 201)["maker_status"] == "member"

    answer = api.owner(acme).delete(address(acme, person) + query)

    assert api.data(answer) == {"live_api_keys": live, "revoked_api_keys": revoked}
    [shown] = api.data(api.owner(acme).get("/api/api-keys"))["results"]
    assert (shown["maker_status"], shown["created_by"]) == ("former", person.email)
    assert bool(shown["revoked_at"]) is bool(revoked)


def test_what_is_no_answer_to_the_question_about_keys_removes_nobody(acme: Customer) -> None:
    person = joined(acme)

    assert api.owner(acme).delete(address(acme, person) + "?revoke_keys=perhaps").status_code == 422
    assert len(api.data(api.owner(acme).get(address(acme)))["results"]) == 2


def test_a_viewer_leaves_but_removes_nobody(acme: Customer) -> None:
    viewer, other = joined(acme, "viewer"), joined(acme)
    client = api.program_of(viewer)

    assert api.code(client.delete(address(acme, other)), 403) == "ROLE_BEYOND_YOURS"
    assert api.data(client.delete(address(acme, viewer))) == NO_KEYS
    with tenancy.staff():
        assert not Membership.objects.filter(person=viewer).exists()


def test_the_last_owner_stays(acme: Customer) -> None:
    assert api.code(api.owner(acme).delete(address(acme, acme.owner)), 409) == "LAST_OWNER"
    changed = api.owner(acme).patch(address(acme, acme.owner), {"role": "admin"})
    assert api.code(changed, 409) == "LAST_OWNER"


def test_an_admin_makes_no_owner_and_touches_none(acme: Customer) -> None:
    admin, person = api.member(acme, "admin"), joined(acme)

    assert api.code(admin.patch(address(acme, person), {"role": "owner"}), 403) == "ROLE_BEYOND_YOURS"
    assert api.code(admin.delete(address(acme, acme.owner)), 403) == "ROLE_BEYOND_YOURS"


def test_an_owner_grants_child_safety_and_an_admin_does_not(acme: Customer) -> None:
    person = joined(acme, "reviewer")
    grant = {"has_child_safety": True}

    assert api.code(api.member(acme, "admin").patch(address(acme, person), grant), 403) == (
        "GRANT_IS_AN_OWNERS"
    )
    assert api.data(api.owner(acme).patch(address(acme, person), grant))["has_child_safety"] is True


def test_what_is_refused_in_one_half_changes_nothing_in_the_other(acme: Customer) -> None:
    person = joined(acme, "viewer")

    answer = api.member(acme, "admin").patch(
        address(acme, person), {"role": "reviewer", "has_child_safety": True}
    )

    assert answer.status_code == 403
    with tenancy.staff():
        assert Membership.objects.get(person=person).role == "viewer"


def test_an_unknown_role_or_field_is_refused(acme: Customer) -> None:
    person = joined(acme)

    assert api.code(api.owner(acme).patch(address(acme, person), {"role": "emperor"}), 422)
    assert api.code(api.owner(acme).patch(address(acme, person), {"is_staff": True}), 422) == "UNKNOWN_FIELD"


def test_a_member_of_another_organization_is_not_there(acme: Customer) -> None:
    theirs = joined(samples.customer("Stranger"))

    assert api.code(api.owner(acme).patch(address(acme, theirs), {"role": "viewer"}), 404)
    assert api.owner(acme).delete(address(acme, theirs)).status_code == 404


@pytest.mark.parametrize("body", [{"role": "owner"}, {"hasChildSafety": True}])
def test_an_owner_and_a_grant_need_a_fresh_sign_in(acme: Customer, body: dict[str, object]) -> None:
    person = joined(acme)
    stale = signed_in(acme.owner, seconds_ago=16 * 60)
    where, json = address(acme, person), "application/json"

    assert api.code(stale.patch(where, body, content_type=json), 403) == "STEP_UP_REQUIRED"

    changed = {"role": "viewer", "hasChildSafety": False}
    assert api.data(stale.patch(where, changed, content_type=json))["role"] == "viewer"
    with tenancy.staff():
        assert not Membership.objects.get(person=person).has_child_safety
