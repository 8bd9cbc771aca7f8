"""Bringing a deleted site back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Role
from moderation.models import Server, Site
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

FAMILY = f"{api.SITES}/acme-family"
RESTORE = f"{FAMILY}/restore"


@pytest.mark.parametrize("by", ["pk", "site_identifier"])
def test_a_deleted_site_comes_back_as_it_was(acme: Customer, by: str) -> None:
    site = samples.deployed(acme)
    client = api.owner(acme)
    before = api.data(client.get(FAMILY))
    client.delete(FAMILY)
    assert client.get(FAMILY).status_code == 404

    answer = client.post(f"{api.SITES}/{getattr(site, by)}/restore")

    found = api.data(answer)
    assert found | {"updated_at": ""} == before | {"updated_at": ""}
    assert answer["ETag"] == f'"{before["config_version"]}"'
    assert api.data(client.get(FAMILY)) == found
    with acme.scope():
        assert AuditEvent.objects.filter(action="site.restored").count() == 1
    assert api.code(client.post(RESTORE), 409) == "SITE_NOT_DELETED"


def test_of_two_with_one_identifier_the_later_one_comes_back(acme: Customer) -> None:
    first = samples.site(acme)
    client = api.owner(acme)
    client.delete(FAMILY)
    second = samples.site(acme)
    client.delete(FAMILY)

    assert api.data(client.post(RESTORE))["id"] == str(second.pk)
    assert api.code(client.post(f"{api.SITES}/{first.pk}/restore"), 409) == "SITE_IDENTIFIER_TAKEN"


def test_after_a_day_there_is_no_way_back(acme: Customer) -> None:
    samples.site(acme)
    client = api.owner(acme)
    client.delete(FAMILY)
    with tenancy.staff():
        Site.objects.update(deleted_at=timezone.now() - timedelta(days=1, minutes=1))

    assert api.code(client.post(RESTORE), 404) == "SITE_UNKNOWN"


def test_it_needs_room_in_the_plan() -> None:
    small = samples.customer("Small", tier="free")
    samples.site(small)
    client = api.owner(small)
    client.delete(FAMILY)
    samples.site(small, "second")

    assert api.code(client.post(RESTORE), 403) == "SITE_LIMIT"


def test_it_needs_room_on_its_server(acme: Customer, local: Server) -> None:
    samples.site(acme)
    with tenancy.staff():
        Server.objects.filter(pk=local.pk).update(max_sites=1)
    client = api.owner(acme)
    client.delete(FAMILY)
    second = samples.site(acme, "second")

    assert second.server == local
    assert api.code(client.post(RESTORE), 409) == "SERVER_FULL"
    client.delete(f"{api.SITES}/second")
    api.data(client.post(RESTORE))


def test_who_makes_sites_restores_them_and_no_stranger(acme: Customer, stranger: Customer) -> None:
    samples.site(acme)
    api.owner(acme).delete(FAMILY)

    assert api.code(api.anonymous().post(RESTORE), 401) == "NOT_SIGNED_IN"
    assert api.code(api.owner(stranger).post(RESTORE), 404) == "SITE_UNKNOWN"
    for client in (api.member(acme, Role.VIEWER), api.with_key(acme, "sites:read")):
        assert api.error(client.post(RESTORE), 403)["details"]["permission"] == "sites:write"
    assert (
        api.code(api.with_key(acme, "sites:write", mode="test").post(RESTORE), 403) == "TEST_MODE_READ_ONLY"
    )
    api.data(api.with_key(acme, "sites:write").post(RESTORE))
