from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiKey, AuditEvent, Role
from accounts.services import api_keys
from musenest.common import tenancy
from tests.samples import Customer, member, signed_in
from tests.samples.api import SITES

pytestmark = pytest.mark.django_db

FORM = {"name": "Uploads", "mode": "live", "scopes": ["analyze", "sites:read"], "lives": "90"}


def made(of: Customer, name: str = "Uploads", **fields: object) -> tuple[ApiKey, str]:
    with of.scope():
        key, text = api_keys.create(
            organization=of.organization, name=name, scopes=["sites:read"], by=of.owner.actor
        )
        if fields:
            ApiKey.objects.filter(pk=key.pk).update(**fields)
        return key, text


def keys_of(of: Customer) -> list[ApiKey]:
    with of.scope():
        return list(ApiKey.objects.order_by("created_at"))


def status_of(text: str) -> int:
    """What the API answers to a program with this key."""
    return Client(headers={"X-API-Key": text}).get(SITES).status_code


def test_created_key_is_shown_once_and_works(acme: Customer) -> None:
    response = acme.client.post(acme.url("keys/new"), FORM)
    assert response.status_code == 201
    text = response.context["text"]
    assert text in response.text
    assert "no-store" in response.headers["Cache-Control"]
    assert "Have pictures analysed, and read the decisions; See sites" in response.text
    (key,) = keys_of(acme)
    assert (key.name, key.mode, key.scopes) == ("Uploads", "live", ["analyze", "sites:read"])
    assert key.expires_at is not None
    assert timedelta(days=89) < key.expires_at - timezone.now() < timedelta(days=91)
    assert status_of(text) == 200
    for path in ("keys", "audit"):
        page = acme.client.get(acme.url(path)).text
        assert text not in page
        assert key.last_four in page


def test_created_key_without_end_and_for_tests(acme: Customer) -> None:
    response = acme.client.post(acme.url("keys/new"), FORM | {"lives": "", "mode": "test"})
    assert response.context["text"].startswith("mn_test_")
    (key,) = keys_of(acme)
    assert key.expires_at is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"mode": "god"}, "mode"),
        ({"lives": "-1"}, "lives"),
    ],
)
def test_create_says_what_is_wrong_at_its_field(
    acme: Customer, changed: dict[str, object], field: str
) -> None:
    response = acme.client.post(acme.url("keys/new"), FORM | changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert keys_of(acme) == []


def test_rotated_key_replaces_the_old_one_at_once(acme: Customer) -> None:
    key, before = made(acme)
    response = acme.client.post(acme.url(f"keys/{key.pk}/rotate"))
    assert response.status_code == 201
    after = response.context["text"]
    assert status_of(before) == 401
    assert status_of(after) == 200


def test_revoked_key_is_refused_at_once(acme: Customer) -> None:
    key, text = made(acme)
    assert status_of(text) == 200
    response = acme.client.post(acme.url(f"keys/{key.pk}/revoke"), follow=True)
    assert "Uploads is revoked." in response.text
    assert "Revoked" in response.text
    assert status_of(text) == 401
    assert acme.client.post(acme.url(f"keys/{key.pk}/rotate")).status_code == 409
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_strangers_keys_are_not_there(acme: Customer, borealis: Customer) -> None:
    key, text = made(borealis, "Secret program")
    assert "Secret program" not in acme.client.get(acme.url("keys")).text
    for action in ("rotate", "revoke"):
        assert acme.client.post(acme.url(f"keys/{key.pk}/{action}")).status_code == 404
        assert acme.client.post(borealis.url(f"keys/{key.pk}/{action}")).status_code == 404
    assert status_of(text) == 200


@pytest.mark.parametrize(
    ("role", "sees", "status"),
    [
        (Role.ADMIN, True, 200),
        (Role.MEMBER, True, 403),
        (Role.REVIEWER, False, 403),
        (Role.VIEWER, False, 403),
    ],
)
def test_keys_by_role(acme: Customer, role: str, sees: bool, status: int) -> None:
    key, text = made(acme)
    client = member(acme, role)
    page = client.get(acme.url("keys")).text
    assert (key.last_four in page) is sees
    assert ("New key" in page) is (status == 200)
    assert ("Revoke" in page) is (status == 200)
    assert client.get(acme.url("keys/new")).status_code == status
    if status == 403:
        assert client.post(acme.url("keys/new"), FORM).status_code == 403
        assert client.post(acme.url(f"keys/{key.pk}/revoke")).status_code == 403
        assert status_of(text) == 200


def test_expired_key_is_marked_and_has_no_buttons(acme: Customer) -> None:
    made(acme, expires_at=timezone.now() - timedelta(days=1))
    page = acme.client.get(acme.url("keys")).text
    assert "Expired" in page
    assert "Rotate" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        made(acme, f"Program {number}")
    with django_assert_num_queries(4):  # session, person, membership, keys
        acme.client.get(acme.url("keys"))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}key", "x" * 80]
)
def test_any_name_is_harmless(acme: Customer, name: str) -> None:
    created = acme.client.post(acme.url("keys/new"), FORM | {"name": name})
    for page in (created.text, acme.client.get(acme.url("keys")).text):
        assert "<script>alert" not in page
        assert "<bdi" in page


def test_whoever_signed_in_long_ago_is_asked_again(acme: Customer) -> None:
    key, text = made(acme)
    stale = signed_in(acme.owner, seconds_ago=86_400)
    assert stale.get(acme.url("keys")).status_code == 200
    for answer in (
        stale.get(acme.url("keys/new")),
        stale.post(acme.url("keys/new"), FORM),
        stale.post(acme.url(f"keys/{key.pk}/rotate")),
    ):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/confirm?next=")
    assert len(keys_of(acme)) == 1
    assert status_of(text) == 200
    assert stale.post(acme.url(f"keys/{key.pk}/revoke")).headers["Location"] == acme.url("keys")
