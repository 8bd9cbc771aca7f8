"""Every address as a key of either mode, and as a member who may only look. Others: test_routes.py."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Person, Role
from accounts.rules import SCOPES
from accounts.services import api_keys, memberships
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.guards import test_routes
from tests.guards.routes import ENDPOINT, OF_ONE, PAGE, STAFF
from tests.guards.test_routes import World, of_kind, program

committed_world, world = test_routes.committed_world, test_routes.world

# What a member who may only look may send: his own profile and password, an own organisation, a look at a
# plan, leaving.
EVERYBODYS = {
    ("api/auth/password", "post"),
    ("api/invitations/accept", "post"),
    ("api/organizations", "post"),
    ("api/site-configuration/sites/<str:site>/plan", "post"),
    ("api/users/profile", "patch"),
    ("api/users/profile", "put"),
    ("o/<slug:slug>/sites/<str:identifier>/preview", "post"),
    ("o/<slug:slug>/team/leave", "post"),
}


@pytest.fixture(params=["live", "test"])
def keyed(world: World, request: pytest.FixtureRequest) -> Client:
    """A program with every scope of an organisation."""
    mine = world.mine.organization
    with tenancy.organization(mine.pk, person=world.me.pk):
        _, key = api_keys.create(
            organization=mine, name="Walker", scopes=sorted(SCOPES), mode=request.param, by=world.me.actor
        )
    return Client(headers={"X-API-Key": key})


@pytest.fixture
def viewer(world: World) -> Person:
    who = samples.person("viewer@customer.example")
    with tenancy.staff():
        memberships.add(organization=world.mine.organization, person=who, role=Role.VIEWER, by=SYSTEM)
    return who


def status(client: Client, method: str, path: str) -> int:
    found: int = getattr(client, method)(path, {}, content_type="application/json").status_code
    return found


def client_of(who: Person, route: str) -> Client:
    return samples.signed_in(who) if route.startswith("o/") else program(who)


@pytest.mark.parametrize(("route", "method"), of_kind(OF_ONE, STAFF))
def test_a_key_reaches_no_row_of_another_organization(
    world: World, keyed: Client, route: str, method: str
) -> None:
    assert status(keyed, method, world.path(route, world.theirs)) in (403, 404)


@pytest.mark.parametrize(("route", "method"), of_kind(ENDPOINT))
def test_an_endpoint_tells_a_key_nothing_of_others(
    world: World, keyed: Client, route: str, method: str
) -> None:
    answer = getattr(keyed, method)(f"/{route}", {}, content_type="application/json")

    assert answer.status_code < 500
    theirs = world.theirs
    for row in (theirs.organization, theirs.site, theirs.deployment):
        assert str(row.pk) not in answer.text


@pytest.mark.parametrize(("route", "method"), of_kind(OF_ONE, PAGE))
def test_a_viewer_reaches_nothing_of_another_organization(
    world: World, viewer: Person, route: str, method: str
) -> None:
    assert status(client_of(viewer, route), method, world.path(route, world.theirs)) in (403, 404)


@pytest.mark.parametrize(
    ("route", "method"), [each for each in of_kind(OF_ONE, PAGE, ENDPOINT) if each[1] != "get"]
)
def test_a_viewer_changes_only_what_is_everybodys(
    world: World, viewer: Person, route: str, method: str
) -> None:
    found = status(client_of(viewer, route), method, world.path(route, world.mine))

    assert (found not in (403, 404)) == ((route, method) in EVERYBODYS)


def test_an_owner_opens_no_page_of_the_admin(world: World) -> None:
    client = samples.signed_in(world.me)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page, args in (("changelist", ()), ("add", ()), ("change", ("1",)), ("delete", ("1",))):
            answer = client.get(reverse(f"{name}_{page}", args=args), follow=True)
            assert answer.status_code == 404, (name, page)
