"""Every address of MuseNest, as nobody and as a stranger. One without an entry in `routes.py` fails."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from accounts.models import ApiKey, Invitation, Membership, Person, RefreshFamily, Role
from accounts.services import people, tokens
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.tenancy.models import TenantModel
from tests import plugin, samples
from tests.guards.routes import ENDPOINT, OF_ONE, PAGE, PUBLIC, ROUTES, SIGNED_IN, STAFF


def walked(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route but those of the admin, which tests/guards/test_admin.py walks."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        elif each.namespace != "admin":
            yield from walked(each, route)


def methods_of(pattern: URLPattern) -> set[str]:
    """What an endpoint takes; empty for a view, which answers every method itself."""
    return set(getattr(pattern.callback, "actions", None) or ())


PATTERNS = dict(walked(get_resolver()))


def of_kind(*kinds: str) -> list[tuple[str, str]]:
    """(route, method) of every address of these kinds: an endpoint by each of its methods."""
    return [
        (route, method)
        for route, entry in ROUTES.items()
        if entry.kind in kinds and route in PATTERNS
        for method in sorted(methods_of(PATTERNS[route])) or [entry.method]
    ]


def owner_of(world: samples.World) -> UUID:
    with tenancy.staff():
        return Membership.objects.get(organization=world.organization, role=Role.OWNER).person_id


def program_of(world: samples.World) -> str:
    """Where the owner is signed in, besides by what asks."""
    with tenancy.staff():
        found = RefreshFamily.objects.filter(person=owner_of(world)).earliest("created_at")
    return str(found.pk)


def first_of(model: type[TenantModel], world: samples.World) -> str:
    with tenancy.staff():
        return str(model._default_manager.filter(organization=world.organization).values_list("pk")[0][0])


@dataclass
class World:
    """Two organisations, each with one of everything, and the owner of each."""

    mine: samples.World
    theirs: samples.World
    me: Person

    def path(self, route: str, of: samples.World, slug: str = "") -> str:
        values = {
            "<slug:slug>": slug or of.organization.slug,
            "<str:site>": of.site.site_identifier,
            "<str:identifier>": of.site.site_identifier,
            "<uuid:deployment>": str(of.deployment.pk),
            "<int:decision>": str(of.decision.pk),
            "<int:pk>": str(of.decision.pk),
            "<uuid:server>": str(of.server.pk),
            "<uuid:pk>": str(of.site.pk),
            "<uuid:person>": str(owner_of(of)),
            "<uuid:member>": str(owner_of(of)),
            "<uuid:key>": first_of(ApiKey, of),
            "<uuid:invitation>": first_of(Invitation, of),
            "<str:session>": program_of(of),
            "<str:feature>": "webhooks",
            "<str:tier>": "custom",
        }
        for name, value in values.items():
            route = route.replace(name, value)
        assert "<" not in route, f"Say in World.path what {route} is of."
        return f"/{route}"


@pytest.fixture(scope="module")
def committed_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for all tests of a file (0.2 s), each of which takes back what it did beside."""
    with django_db_blocker.unblock():
        mine, theirs = samples.world("Mine"), samples.world("Theirs")
        with tenancy.staff():
            me = Person.objects.get(email="mine@customer.example")
    yield World(mine, theirs, me)
    with django_db_blocker.unblock():
        connections.close_all()
    plugin.make_database()


@pytest.fixture
def world(committed_world: World, db: None) -> World:
    return deepcopy(committed_world)


@pytest.fixture
def browser(world: World) -> Client:
    return samples.signed_in(world.me)


def program(who: Person) -> Client:
    return Client(headers={"Authorization": f"Bearer {tokens.begin(who).access}"})


def test_every_address_has_an_entry() -> None:
    assert PATTERNS.keys() == ROUTES.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), of_kind(PUBLIC))
def test_a_public_address_asks_nobody_to_sign_in(route: str, method: str) -> None:
    answer = getattr(Client(), method)(f"/{route}", {}, content_type="application/json")

    assert answer.status_code < 500
    if route not in {"admin/login/", "admin/logout/", "login/passkey", "login/second-factor", "logout"}:
        assert not answer.headers.get("Location", "").startswith("/login")


@pytest.mark.parametrize(("route", "method"), of_kind(SIGNED_IN, PAGE))
def test_a_page_sends_nobody_to_the_sign_in(world: World, route: str, method: str) -> None:
    answer = getattr(Client(), method)(world.path(route, world.theirs))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=")


@pytest.mark.parametrize(("route", "method"), of_kind(ENDPOINT, OF_ONE, STAFF))
def test_an_endpoint_is_401_to_nobody(world: World, route: str, method: str) -> None:
    answer = getattr(Client(), method)(world.path(route, world.theirs))

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "NOT_SIGNED_IN"


@pytest.mark.parametrize(("route", "method"), of_kind(PAGE))
def test_a_page_of_another_organization_is_not_there(
    world: World, browser: Client, route: str, method: str
) -> None:
    assert getattr(browser, method)(world.path(route, world.theirs)).status_code == 404
    own = getattr(browser, method)(world.path(route, world.mine))
    assert own.status_code != 404, "the address exists, so the 404 before was the stranger's"


@pytest.mark.parametrize(("route", "method"), [each for each in of_kind(PAGE) if each[0].count("<") > 1])
def test_a_row_of_another_organization_is_not_under_ones_own(
    world: World, browser: Client, route: str, method: str
) -> None:
    path = world.path(route, world.theirs, slug=world.mine.organization.slug)

    assert getattr(browser, method)(path).status_code == 404


@pytest.mark.parametrize(("route", "method"), of_kind(OF_ONE))
def test_a_row_of_another_organization_is_404(world: World, route: str, method: str) -> None:
    client = program(world.me)

    theirs = getattr(client, method)(world.path(route, world.theirs), {}, content_type="application/json")
    mine = getattr(client, method)(world.path(route, world.mine), {}, content_type="application/json")

    assert theirs.status_code == 404
    assert mine.status_code not in (401, 403, 404, 500)


@pytest.mark.parametrize(("route", "method"), of_kind(ENDPOINT))
def test_an_endpoint_tells_a_stranger_nothing_of_others(world: World, route: str, method: str) -> None:
    answer = getattr(program(world.me), method)(f"/{route}", {}, content_type="application/json")

    assert answer.status_code < 500
    said = answer.content.decode()
    theirs = world.theirs
    for row in (theirs.organization, theirs.site, theirs.deployment):
        assert str(row.pk) not in said
    assert theirs.site.site_identifier not in said


@pytest.mark.parametrize(("route", "method"), of_kind(STAFF))
def test_an_operators_endpoint_is_not_there_for_others(world: World, route: str, method: str) -> None:
    path = world.path(route, world.mine)
    staff = program(
        people.create(email="staff@musenest.example", password="p" * 20, by=SYSTEM, is_staff=True)
    )

    assert getattr(program(world.me), method)(path, {}, content_type="application/json").status_code == 404
    answer = getattr(staff, method)(path, {}, content_type="application/json")
    assert answer.status_code not in (401, 403, 404)


@pytest.mark.parametrize(("route", "method"), of_kind(OF_ONE, PAGE))
def test_a_person_of_no_organization_finds_nothing(world: World, route: str, method: str) -> None:
    lonely = people.create(email="lonely@customer.example", password="p" * 20, by=SYSTEM)
    client = samples.signed_in(lonely) if route.startswith("o/") else program(lonely)

    answer = getattr(client, method)(world.path(route, world.theirs), {}, content_type="application/json")

    assert answer.status_code in (403, 404)
