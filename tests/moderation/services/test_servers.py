"""Servers: registering, changing, checking, removing."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_httpserver import HTTPServer

from accounts.models import AuditEvent
from moderation.models import Server, ServerStatus, Site
from moderation.selectors import servers as reading
from moderation.selectors.sites import RESTORED_WITHIN
from moderation.services import servers, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, InvalidError
from tests import samples

pytestmark = pytest.mark.django_db

FIELDS: dict[str, Any] = {"name": "one", "ip_address": "moderation.example", "api_key": "s3cret"}


def make(**fields: Any) -> Server:
    with tenancy.staff():
        return servers.create(fields=FIELDS | fields, by=SYSTEM)


def changes(action: str) -> list[Any]:
    with tenancy.staff():
        return list(AuditEvent.objects.filter(action=action).order_by("pk").values_list("changes", flat=True))


def test_the_key_is_encrypted_and_in_no_audit_row() -> None:
    server = make()
    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute("SELECT api_key FROM ai_moderation_servers WHERE id = %s", [server.pk])
        stored = cursor.fetchone()[0]
        servers.update(server=server, fields={"api_key": "another", "port": 5001}, by=SYSTEM)
    assert "s3cret" not in stored
    assert changes("server.updated") == [{"api_key": "changed", "port": ["5000", "5001"]}]
    assert "s3cret" not in str(changes("server.created"))


def test_an_empty_key_keeps_the_old_one_and_nothing_changed_is_not_recorded() -> None:
    server = make()
    with tenancy.staff():
        servers.update(server=server, fields={"api_key": "", "name": "one"}, by=SYSTEM)
        assert Server.objects.get().api_key == "s3cret"
    assert changes("server.updated") == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"ip_address": "a/b"}, "ip_address"),
        ({"ip_address": "user@host"}, "ip_address"),
        ({"port": 0}, "port"),
        ({"protocol": "ftp"}, "protocol"),
        ({"max_sites": -2}, "max_sites"),
        ({"adapter": "v3"}, "adapter"),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        make(**fields)
    assert caught.value.details["field"] == path


def test_a_name_is_unique_per_owner() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    make()
    make(organization=acme.organization)
    make(organization=stranger.organization)
    for owner in (None, acme.organization):
        with pytest.raises(InvalidError):
            make(organization=owner)


def test_a_changed_name_must_be_free_too() -> None:
    make()
    second = make(name="two")
    with tenancy.staff(), pytest.raises(InvalidError):
        servers.update(server=second, fields={"name": "one"}, by=SYSTEM)


def test_an_address_of_ipv6_is_put_in_brackets() -> None:
    assert make(ip_address="::1", protocol="http").url == "http://[::1]:5000"


def test_a_server_is_removed_once_no_site_is_on_it() -> None:
    server = samples.server()
    acme = samples.customer()
    site = samples.site(acme)
    with tenancy.staff(), pytest.raises(ConflictError) as caught:
        servers.delete(server=server, by=SYSTEM)
    assert caught.value.code == "SERVER_HAS_SITES"
    with acme.scope():
        sites.delete(site=site, by=SYSTEM)
    with tenancy.staff():
        servers.delete(server=server, by=SYSTEM)
        assert not Server.objects.exists()
    assert changes("server.deleted") == [{}]


def moved(acme: samples.Customer) -> tuple[Server, Server]:
    """The server that decides for acme's site, and the one that it was put on since."""
    old = samples.server()
    site = samples.deployed(acme)
    new = samples.server()
    with acme.scope():
        sites.update(site=site, fields={"server": str(new.pk)}, by=SYSTEM)
    return old, new


def test_a_server_that_still_decides_is_not_removed() -> None:
    old, _ = moved(samples.customer())
    with tenancy.staff():
        with pytest.raises(ConflictError) as caught:
            servers.delete(server=old, by=SYSTEM)
        assert Server.objects.filter(pk=old.pk).exists()
    assert caught.value.code == "SERVER_HAS_SITES"


def test_a_shared_server_gets_no_owner_while_others_need_it() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    for server in moved(acme):
        with tenancy.staff():
            with pytest.raises(ConflictError) as caught:
                servers.update(server=server, fields={"organization": stranger.organization}, by=SYSTEM)
            assert Server.objects.get(pk=server.pk).is_shared
            servers.update(server=server, fields={"organization": acme.organization}, by=SYSTEM)
            servers.update(server=server, fields={"organization": None}, by=SYSTEM)
        assert caught.value.code == "SERVER_HAS_SITES"


def test_a_site_that_can_be_restored_keeps_its_server_shared() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    server, owner = samples.server(), {"organization": stranger.organization}
    site = samples.site(acme)
    with acme.scope():
        sites.delete(site=site, by=SYSTEM)
    with tenancy.staff():
        with pytest.raises(ConflictError):
            servers.update(server=server, fields=owner, by=SYSTEM)
        Site.objects.update(deleted_at=timezone.now() - RESTORED_WITHIN * 2)
        assert servers.update(server=server, fields=owner, by=SYSTEM).organization == stranger.organization


ANSWERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "healthy": (
        {"response_json": {"status": "healthy", "version": "3", "capabilities": ["a"]}},
        "online",
        "",
    ),
    "tired": ({"response_json": {"status": "tired"}}, "degraded", "not healthy"),
    "failing": ({"response_json": {}, "status": 500}, "degraded", "not healthy"),
    "html": ({"response_json": "<html>"}, "offline", "could not be read"),
    "list": ({"response_json": [1]}, "offline", "could not be read"),
    "redirect": ({"response_json": {}, "status": 302}, "degraded", "not healthy"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_checking_keeps_what_was_seen(httpserver: HTTPServer, settings: Any, kind: str) -> None:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    answer, status, words = ANSWERS[kind]
    httpserver.expect_request("/health").respond_with_json(**answer)
    server = samples.server(port=httpserver.port, status=ServerStatus.UNKNOWN)
    with tenancy.staff():
        found = servers.check(server=server, by=SYSTEM)
    assert found.status == status
    assert words in found.last_error
    assert found.last_checked_at is not None
    assert changes("server.checked") == [{"status": status}]


def test_an_adapter_that_is_not_spoken_is_told() -> None:
    server = samples.server()
    server.adapter = "v3"
    with tenancy.staff():
        found = servers.check(server=server, by=SYSTEM)
    assert (found.status, "v3" in found.last_error) == ("offline", True)


def test_placement_prefers_the_own_then_the_online_then_the_emptiest() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    samples.server(status=ServerStatus.ONLINE)
    samples.site(stranger, "theirs")
    empty = samples.server(status=ServerStatus.ONLINE)
    samples.server(status=ServerStatus.OFFLINE)
    samples.server(status=ServerStatus.ONLINE, is_active=False)
    samples.server(status=ServerStatus.ONLINE, max_sites=0)
    samples.server(organization=stranger.organization)
    with acme.scope():
        assert reading.best_for(acme.organization) == empty
        own = samples.server(organization=acme.organization)
        assert reading.best_for(acme.organization) == own


def test_a_full_server_takes_no_further_site() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    server = samples.server(max_sites=1)
    samples.site(stranger, "theirs")
    fields = {"site_identifier": "a", "site_name": "A", "industry_template": "marketplace"}
    with acme.scope():
        assert reading.best_for(acme.organization) is None
        with pytest.raises(ConflictError) as caught:
            sites.create(
                organization=acme.organization, fields=fields | {"server": str(server.pk)}, by=SYSTEM
            )
        assert caught.value.code == "SERVER_FULL"
        assert sites.create(organization=acme.organization, fields=fields, by=SYSTEM).server is None
