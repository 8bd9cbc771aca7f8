"""Organisations through HTTP: one's own, making, changing, handing on; and what a stranger meets."""

from typing import Any

import pytest

from accounts.models import AuditEvent, Membership, Organization
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

ORGANIZATIONS = "/api/organizations"


def address(of: Customer, rest: str = "") -> str:
    return f"{ORGANIZATIONS}/{of.organization.slug}{rest}"


def role_of(of: Customer, person: Any) -> str:
    with tenancy.staff():
        return Membership.objects.get(organization=of.organization, person=person).role


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_tells_ones_own_and_the_role_in_a_fixed_number_of_queries(
    acme: Customer, count: int
) -> None:
    stranger = samples.customer("Stranger")
    for number in range(1, count):
        samples.membership(samples.organization(f"Second {number}"), "viewer", acme.owner)
    client = api.owner(acme)

    with api.counted() as statements:
        found = api.data(client.get(ORGANIZATIONS))

    assert [each["role"] for each in found["results"]] == ["owner", *["viewer"] * (count - 1)]
    assert stranger.organization.slug not in str(found)
    assert len(statements) == 2, statements


def test_a_person_makes_one_and_owns_it(acme: Customer) -> None:
    made = api.data(api.owner(acme).post(ORGANIZATIONS, {"name": "Acme"}), 201)

    assert made["slug"] == "acme-2"
    with tenancy.staff():
        created = Organization.objects.get(pk=made["id"])
    assert role_of(Customer(created, acme.owner, acme.client), acme.owner) == "owner"


def test_a_person_owns_twenty_at_most(acme: Customer) -> None:
    for _ in range(19):
        samples.membership(samples.organization(), "owner", acme.owner)

    assert api.code(api.owner(acme).post(ORGANIZATIONS, {"name": "More"}), 409) == "ORGANIZATIONS_LIMIT"


def test_a_key_makes_none(acme: Customer) -> None:
    client = api.with_key(acme, "sites:write")

    assert api.code(client.post(ORGANIZATIONS, {"name": "More"}), 403) == "PERSON_NEEDED"
    assert api.code(client.get(ORGANIZATIONS), 403) == "PERSON_NEEDED"


def test_the_address_names_the_organization_and_not_the_header(acme: Customer) -> None:
    other = samples.membership(samples.organization("Other"), "owner", acme.owner).organization

    found = api.data(api.owner(acme).get(f"{ORGANIZATIONS}/{other.slug}"))

    assert (found["name"], found["slug"]) == ("Other", other.slug)


def test_changing_is_recorded_with_what_was(acme: Customer) -> None:
    changed = api.data(api.owner(acme).patch(address(acme), {"name": "New", "jurisdiction": "DE"}))

    assert (changed["name"], changed["slug"]) == ("New", acme.organization.slug)
    with tenancy.staff():
        event = AuditEvent.objects.get(action="organization.updated")
    assert event.changes == {"name": ["Acme", "New"], "jurisdiction": ["", "DE"]}


@pytest.mark.parametrize("field", ["slug", "id", "created_at", "tier", "credits", "owner", "organization"])
def test_an_extra_field_changes_nothing_and_is_named(acme: Customer, field: str) -> None:
    found = api.error(api.owner(acme).patch(address(acme), {field: "x"}), 422)

    assert (found["code"], found["details"]["field"]) == ("UNKNOWN_FIELD", field)


def test_handing_on_makes_an_owner_and_an_admin(acme: Customer) -> None:
    heir = samples.membership(acme.organization, "viewer").person

    answer = api.owner(acme).post(address(acme, "/transfer"), {"person": str(heir.pk)})

    assert api.data(answer)["role"] == "owner"
    assert (role_of(acme, heir), role_of(acme, acme.owner)) == ("owner", "admin")
    again = api.owner(acme).post(address(acme, "/transfer"), {"person": str(heir.pk)})
    assert api.code(again, 403) == "DENIED"


def test_handing_on_to_a_stranger_is_not_found(acme: Customer) -> None:
    stranger = samples.customer("Stranger").owner

    answer = api.owner(acme).post(address(acme, "/transfer"), {"person": str(stranger.pk)})
    assert api.code(answer, 404) == "MEMBER_UNKNOWN"


# method path            owner admin reviewer member viewer
TABLE = [
    ("get", "",            (200, 200, 200, 200, 200)),
    ("patch", "",          (200, 200, 403, 403, 403)),
    ("get", "/members",    (200, 200, 200, 200, 200)),
    ("get", "/invitations", (200, 200, 403, 403, 403)),
    ("post", "/invitations", (422, 422, 403, 403, 403)),
    ("post", "/transfer",  (422, 403, 403, 403, 403)),
]  # fmt: skip


@pytest.mark.parametrize(("method", "rest", "statuses"), TABLE)
def test_each_role_is_answered_as_the_table_says(
    acme: Customer, method: str, rest: str, statuses: tuple[int, ...]
) -> None:
    roles = ("owner", "admin", "reviewer", "member", "viewer")

    found = tuple(getattr(api.member(acme, role), method)(address(acme, rest)).status_code for role in roles)

    assert found == statuses


@pytest.mark.parametrize(("method", "rest", "_"), TABLE)
def test_it_is_not_there_for_strangers_and_keys_of_others(
    acme: Customer, method: str, rest: str, _: Any
) -> None:
    stranger = samples.customer("Stranger")
    theirs = [api.owner(stranger), api.with_key(stranger, "sites:read"), api.staff()]

    for client in theirs:
        assert getattr(client, method)(address(acme, rest)).status_code == 404
    assert getattr(api.anonymous(), method)(address(acme, rest)).status_code == 401


@pytest.mark.parametrize("name", ["Att\n\nYour account is suspended", "a\x1b[31mb", "tab\there"])
def test_a_name_is_one_line(acme: Customer, name: str) -> None:
    error = api.error(api.owner(acme).patch(address(acme), {"name": name}), 422)
    assert error["details"]["field"] == "name"
