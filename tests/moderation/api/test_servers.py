"""Moderation servers: staff's, and how they are for everybody."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_httpserver import HTTPServer

from accounts.models import AuditEvent
from moderation.models import Server
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api, signed_in

pytestmark = pytest.mark.django_db

FIELDS = {
    "name": "eu-1",
    "ip_address": "moderation.example",
    "protocol": "https",
    "port": 5443,
    "api_key": "s3cret",
}


@pytest.fixture
def acme() -> Customer:
    return samples.customer()


def count_servers() -> int:
    with tenancy.staff():
        return Server.objects.count()


def test_staff_register_change_and_remove_a_server() -> None:
    client = api.staff()
    made = api.data(client.post(api.SERVERS, FIELDS), 201)
    assert (made["status"], made["adapter"], made["max_sites"], made["has_api_key"]) == (
        "unknown",
        "native",
        -1,
        True,
    )
    path = f"{api.SERVERS}/{made['id']}"
    changed = api.data(client.patch(path, {"maxSites": 3, "api_key": ""}))
    assert (changed["max_sites"], changed["has_api_key"], changed["name"]) == (3, True, "eu-1")
    assert api.data(client.get(path)) == changed
    assert client.delete(path).status_code == 204
    assert api.code(client.get(path), 404) == "SERVER_UNKNOWN"
    with tenancy.staff():
        actions = list(
            AuditEvent.objects.filter(target_id=made["id"]).order_by("pk").values_list("action", flat=True)
        )
        assert "s3cret" not in str(list(AuditEvent.objects.values_list("changes", flat=True)))
    assert actions == ["server.created", "server.updated", "server.deleted"]


def test_a_session_that_is_not_fresh_changes_no_server() -> None:
    path = f"{api.SERVERS}/{api.data(api.staff().post(api.SERVERS, FIELDS), 201)['id']}"
    stale = signed_in(samples.staff_person(), seconds_ago=16 * 60)
    json = "application/json"

    for refused in (
        stale.post(api.SERVERS, FIELDS | {"name": "eu-2"}, content_type=json),
        stale.patch(path, {"ip_address": "other.example"}, content_type=json),
        stale.delete(path),
    ):
        assert api.code(refused, 403) == "STEP_UP_REQUIRED"
    assert api.data(stale.get(path))["ip_address"] == FIELDS["ip_address"]


def test_the_key_never_comes_out() -> None:
    client = api.staff()
    made = client.post(api.SERVERS, FIELDS)
    listed = client.get(api.SERVERS)
    assert b"s3cret" not in made.content + listed.content
    assert "api_key" not in api.data(made, 201)
    with tenancy.staff():
        assert Server.objects.get().api_key == "s3cret"


def test_nobody_else_finds_them(acme: Customer) -> None:
    with tenancy.staff():
        server = samples.server()
    path = f"{api.SERVERS}/{server.pk}"
    for client in (api.owner(acme), api.with_key(acme, "sites:read", "sites:write")):
        requests = [
            client.get(api.SERVERS),
            client.post(api.SERVERS, FIELDS),
            client.get(path),
            client.patch(path, {"name": "mine"}),
            client.delete(path),
            client.post(f"{path}/check"),
            client.get(f"{path}/configuration"),
        ]
        assert {response.status_code for response in requests} == {404}
    assert api.code(api.anonymous().get(api.SERVERS), 401) == "NOT_SIGNED_IN"
    assert count_servers() == 1


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"port": 70_000}, "port"),
        ({"ip_address": "http://x/"}, "ip_address"),
        ({"adapter": "v3"}, "adapter"),
        ({"max_sites": -2}, "max_sites"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], path: str) -> None:
    found = api.error(api.staff().post(api.SERVERS, FIELDS | fields), 422)
    assert found["details"]["field"] == path


def test_an_unknown_field_is_named() -> None:
    found = api.error(api.staff().post(api.SERVERS, FIELDS | {"status": "online"}), 422)
    assert (found["code"], found["details"]["field"]) == ("UNKNOWN_FIELD", "status")
    assert count_servers() == 0


def test_a_name_is_given_once() -> None:
    client = api.staff()
    api.data(client.post(api.SERVERS, FIELDS), 201)
    assert api.code(client.post(api.SERVERS, FIELDS), 422) == "VALIDATION_ERROR"


def test_a_server_with_sites_stays(acme: Customer) -> None:
    server = samples.server()
    samples.site(acme)
    assert api.code(api.staff().delete(f"{api.SERVERS}/{server.pk}"), 409) == "SERVER_HAS_SITES"


def test_checking_keeps_what_the_server_said(httpserver: HTTPServer, settings: Any) -> None:
    settings.EGRESS_ALLOW = [f"127.0.0.1:{httpserver.port}"]
    server = samples.server(port=httpserver.port, status="unknown")
    httpserver.expect_ordered_request("/health").respond_with_json(
        {"status": "healthy", "version": "9", "blip_available": True, "uptime_seconds": 61.75}
    )
    httpserver.expect_ordered_request("/health").respond_with_json({"status": "tired"}, status=503)
    client, path = api.staff(), f"{api.SERVERS}/{server.pk}/check"
    well = api.data(client.post(path))
    assert (well["status"], well["version"], well["is_blip_available"], well["last_error"]) == (
        "online",
        "9",
        True,
        "",
    )
    assert (well["uptime"], bool(well["last_checked_at"])) == (61, True)
    tired = api.data(client.post(path))
    assert (tired["status"], tired["uptime"]) == ("degraded", None)  # it does not say
    httpserver.stop()
    off = api.data(client.post(path))
    httpserver.start()
    assert (off["status"], off["last_error"]) == ("offline", "The moderation server could not be reached.")


def test_an_unknown_server_is_not_checked() -> None:
    assert api.code(api.staff().post(f"{api.SERVERS}/{uuid4()}/check"), 404) == "SERVER_UNKNOWN"


def test_health_shows_the_shared_and_the_own_ones(acme: Customer) -> None:
    stranger = samples.customer("Borealis")
    shared, ours = samples.server(), samples.server(organization=acme.organization)
    samples.server(organization=stranger.organization)
    found = api.data(api.with_key(acme, "sites:read").get(f"{api.SERVERS}/health"))["results"]
    assert [one["name"] for one in found] == sorted([shared.name, ours.name])
    assert "ip_address" not in found[0]
    assert api.code(api.with_key(acme, "deploy").get(f"{api.SERVERS}/health"), 403) == "DENIED"


def test_the_list_takes_as_many_queries_for_one_as_for_three() -> None:
    client, found = api.staff(), []
    for _ in range(3):
        samples.server(organization=samples.customer().organization)
    for size in (1, 3):
        with api.counted() as statements:
            assert len(api.data(client.get(f"{api.SERVERS}?page_size={size}"))["results"]) == size
        found.append(len(statements))
    assert found == [2, 2]
