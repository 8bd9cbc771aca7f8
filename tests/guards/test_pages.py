"""Every page of the portal: at most 12 queries, and at most 150 KiB compressed without its font (issue 3).

What a page weighs is counted from what it links; tests/browser/test_weight.py counts what Chromium fetches.
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from musenest.common import tenancy
from tests import samples
from tests.guards.routes import PAGE, PUBLIC, SIGNED_IN
from tests.guards.test_routes import World, of_kind

MOST_QUERIES = 12
MOST_BYTES = 150 * 1024
LINKED = re.compile(r'(?:src|href)="/static/([^"#?]+)')
GETS = [
    (route, kind) for kind in (PUBLIC, SIGNED_IN, PAGE) for route, method in of_kind(kind) if method == "get"
]
# Swagger's page is for programmers, and brings a program of its own.
NOT_OURS = {"api/docs"}
# Behind a token, a code or a row that the world lacks: each has tests of its own.
ELSEWHERE = {
    "invitations/<str:token>",
    "reset-password/<uid:uidb36>-<str:key>",
    "settings/security/passkeys/<int:pk>",
    "settings/security/passkeys/<int:pk>/remove",
    "verify/<str:key>",
}
LEAST_PAGES = 35


@dataclass(frozen=True)
class Seen:
    route: str
    queries: int
    weight: int


@pytest.fixture
def seen(db: None) -> list[Seen]:
    """Every page that is there for an owner who signed in just now, or for nobody where it is public."""
    world = World(samples.world("Mine"), samples.world("Theirs"), me())
    owner = samples.signed_in(world.me)
    found = []
    for route, kind in GETS:
        if route not in ELSEWHERE | NOT_OURS:
            client = Client() if kind == PUBLIC else owner
            client.get(world.path(route, world.mine))  # the first one fills caches that all share
            page = looked_at(client, route, world.path(route, world.mine))
            found += [page] if page else []
    return found


def me() -> Person:
    with tenancy.staff():
        return Person.objects.get(email="mine@customer.example")


def looked_at(client: Client, route: str, path: str) -> Seen | None:
    """None for what is no page: a fragment, a file, a way on to another page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code < 500, path
    content = b"".join(response) if response.streaming else response.content
    if response.status_code != 200 or b"<!DOCTYPE html>" not in content:
        return None
    return Seen(route, len(queries), len(gzip.compress(content)) + linked(content.decode()))


def linked(page: str) -> int:
    """What the files weigh that the page links, each once, compressed, without the font."""
    files = {name for name in LINKED.findall(page) if not name.endswith(".woff2")}
    return sum(len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in files)


def test_every_page_is_light_and_asks_the_database_little(seen: list[Seen]) -> None:
    assert len(seen) >= LEAST_PAGES
    assert {page.route: page.queries for page in seen if page.queries > MOST_QUERIES} == {}
    assert {page.route: page.weight for page in seen if page.weight > MOST_BYTES} == {}
    assert all(page.weight > 20_000 for page in seen), "no page comes without its styles"
