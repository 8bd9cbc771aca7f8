"""The lists of an organisation and of a person: what filters leave, and pages in each order."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import ApiKey, Invitation, Membership
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

KEYS = "/api/api-keys"
ORGANIZATIONS = "/api/organizations"


def at(of: Customer, list_: str) -> str:
    return f"{ORGANIZATIONS}/{of.organization.slug}/{list_}"


def named(of: Customer, address: str, by: str = "name", **query: Any) -> list[str]:
    return [row[by] for row in api.rows(api.owner(of), address, **query)]


@pytest.fixture
def stranger() -> Customer:
    """Another organisation, which has what ours has."""
    stranger = samples.customer("Stranger")
    invite(stranger, "pending")
    make_key(stranger, "live")
    samples.membership(stranger.organization, "viewer", samples.person("a@acme.test"))
    return stranger


def invite(of: Customer, name: str, **fields: Any) -> None:
    soon = timezone.now() + timedelta(days=1)
    with of.scope():
        Invitation.objects.create(
            organization=of.organization,
            email=f"{name}@acme.test",
            digest=uuid4().hex,
            **({"role": "viewer", "expires_at": soon} | fields),
        )


def make_key(of: Customer, name: str, **fields: Any) -> None:
    with of.scope():
        ApiKey.objects.create(
            organization=of.organization,
            name=name,
            digest=uuid4().hex,
            **({"scopes": ["analyze"]} | fields),
        )


def test_invitations_by_what_became_of_them(acme: Customer, stranger: Customer) -> None:
    now = timezone.now()
    invite(acme, "pending", role="admin")
    invite(acme, "expired", expires_at=now)
    invite(acme, "accepted", accepted_at=now, expires_at=now)
    invite(acme, "revoked", revoked_at=now)

    for status in ("pending", "expired", "accepted", "revoked"):
        assert named(acme, at(acme, "invitations"), "email", status=status) == [f"{status}@acme.test"]
    assert named(acme, at(acme, "invitations"), "email", role="admin") == ["pending@acme.test"]
    assert named(acme, at(acme, "invitations"), "email", email="REVOKED@") == ["revoked@acme.test"]


def test_keys_by_what_they_are(acme: Customer, stranger: Customer) -> None:
    now = timezone.now()
    make_key(acme, "live", maker=acme.owner.pk, scopes=["deploy", "analyze"])
    make_key(acme, "test", mode="test")
    make_key(acme, "expired", expires_at=now, mode="test")
    make_key(acme, "revoked", revoked_at=now, expires_at=now, mode="test")

    assert named(acme, KEYS, status="usable") == ["test", "live"]
    assert named(acme, KEYS, status="expired") == ["expired"]
    assert named(acme, KEYS, status="revoked") == ["revoked"]
    assert [row["status"] for row in api.rows(api.owner(acme), KEYS)] == [
        *("revoked", "expired", "usable", "usable")
    ]
    assert named(acme, KEYS, mode="live") == named(acme, KEYS, scope="deploy") == ["live"]
    assert named(acme, KEYS, maker_status="member", mode="live") == ["live"]
    assert named(acme, KEYS, maker_status="former") == []


def test_members_by_role_address_and_grant(acme: Customer, stranger: Customer) -> None:
    samples.membership(acme.organization, "viewer", samples.person("b@acme.test"))
    samples.membership(acme.organization, "reviewer", samples.person("c@acme.test"), child_safety=True)

    assert named(acme, at(acme, "members"), "email", role="viewer") == ["b@acme.test"]
    assert named(acme, at(acme, "members"), "email", has_child_safety=True) == ["c@acme.test"]
    assert named(acme, at(acme, "members"), "email", email="ACME.test") == ["b@acme.test", "c@acme.test"]


def test_ones_own_organisations_by_name_and_role(acme: Customer, stranger: Customer) -> None:
    samples.membership(samples.organization("Second"), "viewer", acme.owner)

    assert named(acme, ORGANIZATIONS, role="viewer") == named(acme, ORGANIZATIONS, name="COND") == ["Second"]
    assert named(acme, ORGANIZATIONS, name="Stranger") == []


@pytest.mark.parametrize(
    ("list_", "query"),
    [
        ("invitations", "status=lost"),
        ("invitations", "role=king"),
        ("members", "role=king"),
        ("members", "email=%00"),
        ("", "role=king"),
        (KEYS, "mode=dead"),
        (KEYS, "scope=everything"),
        (KEYS, "status=lost"),
        (KEYS, "maker_status=lost"),
    ],
)
def test_a_word_that_no_row_can_have_is_refused(acme: Customer, list_: str, query: str) -> None:
    address = list_ if list_ == KEYS else at(acme, list_) if list_ else ORGANIZATIONS

    found = api.error(api.owner(acme).get(f"{address}?{query}"), 422)

    assert (found["code"], found["details"]["field"]) == ("VALIDATION_ERROR", query.partition("=")[0])


ORDERS = {
    KEYS: ("created_at", "name", "expires_at", "last_used_at"),
    "invitations": ("created_at", "sent_at", "expires_at", "email"),
    "members": ("joined_at", "email"),
    ORGANIZATIONS: ("joined_at", "name"),
    "/api/audit": ("id",),
}


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("list_", "order"), [(list_, order) for list_, names in ORDERS.items() for order in names]
)
def test_pages_hold_every_row_in_each_order(
    acme: Customer, stranger: Customer, list_: str, order: str, sign: str
) -> None:
    """Of five rows three are equal, and one of these has no value where there need be none."""
    now = timezone.now()
    for number in range(5):
        moment = now if number > 1 else now + timedelta(days=number)
        invite(acme, f"i{number}", created_at=moment, sent_at=moment, expires_at=moment)
        ends = None if number == 3 else moment
        make_key(acme, f"k{number % 3}", created_at=moment, expires_at=ends, last_used_at=ends)
        samples.membership(acme.organization, "viewer")
        samples.membership(samples.organization("Second"), "viewer", acme.owner)
    with tenancy.staff():
        Membership.objects.update(created_at=now)
    address = list_ if list_.startswith("/") else at(acme, list_)
    client = api.owner(acme)

    found = api.walked(client, address, ordering=f"{sign}{order}")

    keys = [str(row["id"]) for row in found]
    assert len(set(keys)) == len(keys) >= 5
    values = [row[order] for row in found if row[order] is not None]
    assert values == sorted(values, reverse=bool(sign))
    assert sorted(keys) == sorted(str(row["id"]) for row in api.rows(client, address, page_size=200))
