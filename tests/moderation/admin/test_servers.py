"""Servers in the admin: saved and checked by the service, their key written and never read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from moderation.models import Server, ServerStatus
from musenest.common import tenancy
from tests import samples

ADD = "/admin/moderation/server/add/"
LIST = "/admin/moderation/server/"
FIELDS: dict[str, Any] = {
    "name": "north",
    "adapter": "native",
    "protocol": "https",
    "ip_address": "192.0.2.9",
    "port": 5000,
    "region": "eu",
    "max_sites": -1,
    "is_active": "on",
    "api_key": samples.SECRET,
}


@pytest.fixture
def server(staff: Client) -> Server:
    staff.post(ADD, FIELDS)
    return stored()


def stored() -> Server:
    with tenancy.staff():
        return Server.objects.get()


def page_of(server: Server) -> str:
    return reverse("admin:moderation_server_change", args=[server.pk])


def actions_recorded() -> list[str]:
    with tenancy.staff():
        events = AuditEvent.objects.filter(target_type="server").order_by("id")
        return [f"{event.action} by {event.actor_label}" for event in events]


def test_adding_registers_the_server_by_the_service(server: Server) -> None:
    assert (server.name, server.api_key) == ("north", samples.SECRET)
    assert actions_recorded() == ["server.created by staff@musenest.example"]


def test_an_empty_key_keeps_the_one_that_is_there(staff: Client, server: Server) -> None:
    answer = staff.post(page_of(server), FIELDS | {"name": "south", "api_key": ""})

    assert answer.status_code == 302
    assert (stored().name, stored().api_key) == ("south", samples.SECRET)


def test_a_new_key_replaces_the_old_one_and_is_not_recorded(staff: Client, server: Server) -> None:
    staff.post(page_of(server), FIELDS | {"api_key": "another-key"})

    assert stored().api_key == "another-key"
    with tenancy.staff():
        assert AuditEvent.objects.get(action="server.updated").changes == {"api_key": "changed"}


def test_the_key_is_not_in_the_form_even_when_the_form_comes_back(staff: Client, server: Server) -> None:
    again = staff.post(ADD, FIELDS)

    assert again.status_code == 200
    assert "already exists" in again.text
    assert samples.SECRET not in again.text
    assert samples.SECRET not in staff.get(page_of(server)).text


def test_only_what_this_version_speaks_to_is_offered(staff: Client) -> None:
    form = staff.get(ADD).context["adminform"].form
    assert [value for value, _ in form.fields["adapter"].choices] == ["native"]

    assert staff.post(ADD, FIELDS | {"adapter": "v3"}).status_code == 200
    with tenancy.staff():
        assert not Server.objects.exists()


def test_checking_shows_offline_with_the_reason_and_the_way_out(staff: Client, server: Server) -> None:
    """192.0.2.9 is an address of documentation: egress refuses it without a call."""
    answer = staff.post(LIST, {"action": "check_chosen", "_selected_action": [str(server.pk)]}, follow=True)

    assert "Checked: north." in answer.text
    assert stored().status == ServerStatus.OFFLINE
    page = staff.get(page_of(server)).text
    assert stored().last_error in page
    assert "then check it again" in page


def test_the_button_on_the_page_checks_after_it_asked(staff: Client, server: Server) -> None:
    address = reverse("admin:moderation_server_check_one", args=[server.pk])
    staff.get(address)
    assert stored().status == ServerStatus.UNKNOWN

    answer = staff.post(address, {"_form_submitted": "True"})

    assert answer.headers["HX-Redirect"] == page_of(server)
    assert stored().status == ServerStatus.OFFLINE


def test_list_says_how_many_sites_are_on_each(staff: Client, db: None) -> None:
    made = samples.world("First")

    rows = staff.get(LIST).context["cl"].result_list

    assert [(row.pk, row.site_count) for row in rows] == [(made.server.pk, 1)]
