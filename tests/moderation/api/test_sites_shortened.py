"""Fewer months remove decisions for good: who may say so, and how."""

from typing import Any

import pytest

from accounts.models import Role
from moderation.models import Site
from tests.samples import Customer, api, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]

ONE = f"{api.SITES}/acme-family"
NAMES = {"site_identifier": "acme-family", "site_name": "Family", "industry_template": "family_education"}
JSON = "application/json"


def kept(acme: Customer) -> int:
    with acme.scope():
        return Site.objects.get(site_identifier="acme-family").retention_months


def changed(client: Any, months: int) -> list[Any]:
    return [
        client.patch(ONE, {"retention_months": months}),
        client.put(ONE, NAMES | {"retentionMonths": months}),
    ]


def test_a_key_may_keep_them_longer_and_never_shorter(acme: Customer) -> None:
    client = api.with_key(acme, "sites:write")
    for refused in changed(client, 1):
        assert api.code(refused, 403) == "PERSON_NEEDED"
    assert kept(acme) == 13

    for answer in changed(client, 24):
        api.data(answer)
    assert api.code(client.patch(ONE, {"retention_months": 23}), 403) == "PERSON_NEEDED"
    assert kept(acme) == 24


def test_a_member_may_keep_them_longer_and_never_shorter(acme: Customer) -> None:
    client = api.member(acme, Role.MEMBER)
    for refused in changed(client, 12):
        assert api.error(refused, 403)["details"]["permission"] == "decisions:remove"
    api.data(client.patch(ONE, {"retention_months": 14}))
    assert kept(acme) == 14


def test_an_admin_signed_in_lately_may(acme: Customer) -> None:
    api.data(api.member(acme, Role.ADMIN).patch(ONE, {"retention_months": 1}))
    assert kept(acme) == 1


def test_it_needs_a_fresh_sign_in(acme: Customer) -> None:
    stale = signed_in(acme.owner, seconds_ago=16 * 60)
    shorter = {"retention_months": 12}
    assert api.code(stale.patch(ONE, shorter, content_type=JSON), 403) == "STEP_UP_REQUIRED"
    assert api.code(stale.put(ONE, NAMES | shorter, content_type=JSON), 403) == "STEP_UP_REQUIRED"
    assert kept(acme) == 13
    api.data(stale.patch(ONE, {"retention_months": 13, "site_name": "Name"}, content_type=JSON))
    api.data(stale.patch(ONE, {"retention_months": 14}, content_type=JSON))


def test_a_stranger_finds_no_site(acme: Customer, stranger: Customer) -> None:
    for refused in changed(api.owner(stranger), 1):
        assert api.code(refused, 404) == "SITE_UNKNOWN"
    assert kept(acme) == 13
