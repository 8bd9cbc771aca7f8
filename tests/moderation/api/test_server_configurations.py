"""What a server really holds, beside what was deployed to it."""

from typing import Any
from uuid import uuid4

import pytest
from werkzeug import Response

from moderation.models import Server, Site
from moderation.services import deployments, sites
from musenest.common import tenancy, work
from tests import samples
from tests.fake_server import FakeServer, as_json
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


def path(server: Server) -> str:
    return f"{api.SERVERS}/{server.pk}/configuration"


def told(server: Server) -> dict[str | None, Any]:
    """By the site's identifier; an unknown site is told under None."""
    found = api.data(api.staff().get(path(server)))
    assert found["server"] == str(server.pk)
    return {each["site_identifier"]: each for each in found["sites"]}


def deploy(of: Customer, site: Site) -> dict[str, Any]:
    with of.scope():
        deployment = deployments.request(site=site, by=of.owner.actor)
        digest = deployment.version.digest
    work.run("deployment", str(deployment.pk))
    return {"revision": deployment.revision, "digest": digest}


def test_sites_of_every_organisation_are_as_deployed(
    acme: Customer, borealis: Customer, answering: Server, in_force: Site
) -> None:
    theirs = samples.site(borealis, "theirs")
    sent = deploy(borealis, theirs)

    found = told(answering)

    assert found.keys() == {"acme-family", "theirs"}
    assert found["theirs"] == {
        "site": str(theirs.pk),
        "site_identifier": "theirs",
        "organization": borealis.organization.slug,
        "held": sent,
        "deployed": sent,
        "is_as_deployed": True,
    }
    assert found["acme-family"]["is_as_deployed"]


def test_what_the_server_lost_changed_or_made_up_is_told(
    acme: Customer, answering: Server, in_force: Site, fake: FakeServer
) -> None:
    other = samples.site(acme, "other")
    deploy(acme, other)
    fake.stored[f"/sites/{other.pk}/configuration"]["digest"] = "0" * 64
    del fake.stored[f"/sites/{in_force.pk}/configuration"]
    nobodys = uuid4()
    fake.stored[f"/sites/{nobodys}/configuration"] = {"revision": 7, "digest": "1" * 64}

    found = told(answering)

    assert (found["acme-family"]["held"], found["acme-family"]["is_as_deployed"]) == (None, False)
    assert (found["other"]["held"]["digest"], found["other"]["is_as_deployed"]) == ("0" * 64, False)
    assert found[None] == {
        "site": str(nobodys),
        "site_identifier": None,
        "organization": None,
        "held": {"revision": 7, "digest": "1" * 64},
        "deployed": None,
        "is_as_deployed": False,
    }


def test_a_deleted_site_and_one_that_moved_have_nothing_to_be_there(
    acme: Customer, answering: Server, in_force: Site
) -> None:
    moved = samples.site(acme, "moved")
    deploy(acme, moved)
    elsewhere = samples.server()
    with acme.scope():
        Site.objects.filter(pk=moved.pk).update(deployed_server=elsewhere)
        sites.delete(site=in_force, by=acme.owner.actor)

    found = told(answering)

    for identifier in ("acme-family", "moved"):
        assert (found[identifier]["deployed"], found[identifier]["is_as_deployed"]) == (None, False)
        assert found[identifier]["held"] is not None


BAD = {
    "html": Response("<html>", 200),
    "no object": Response("[]", 200),
    "no uuid": Response('{"acme": {"revision": 1, "digest": "0"}}', 200),
    "no revision": as_json({str(uuid4()): {"digest": "0"}}),
    "refused": Response("{}", 401),
    "busy": Response("{}", 503),
}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("html", "SERVER_ANSWER_UNREADABLE"),
        ("no object", "SERVER_ANSWER_UNREADABLE"),
        ("no uuid", "SERVER_ANSWER_UNREADABLE"),
        ("no revision", "SERVER_ANSWER_UNREADABLE"),
        ("refused", "SERVER_KEY_REFUSED"),
        ("busy", "SERVER_BUSY"),
    ],
)
def test_an_answer_that_is_none_is_told_as_such(
    answering: Server, fake: FakeServer, bad: str, code: str
) -> None:
    fake.tell_all = lambda _: BAD[bad]

    assert api.code(api.staff().get(path(answering)), 409) == code


def test_a_server_that_is_off_or_speaks_another_way_is_named(fake: FakeServer, answering: Server) -> None:
    other = samples.server()
    with tenancy.staff():
        Server.objects.filter(pk=other.pk).update(adapter="v3")
    assert api.code(api.staff().get(path(other)), 409) == "ADAPTER_UNKNOWN"
    fake.http.stop()
    assert api.code(api.staff().get(path(answering)), 409) == "SERVER_UNREACHABLE"
    fake.http.start()


def test_nobody_but_staff_finds_it(acme: Customer, in_force: Site, answering: Server) -> None:
    for client in (api.owner(acme), api.with_key(acme, "sites:read")):
        assert api.code(client.get(path(answering)), 404) == "NOT_FOUND"
    assert api.code(api.anonymous().get(path(answering)), 401) == "NOT_SIGNED_IN"
    assert api.code(api.staff().get(f"{api.SERVERS}/{uuid4()}/configuration"), 404) == "SERVER_UNKNOWN"


def test_it_takes_as_many_queries_for_one_as_for_three(
    acme: Customer, answering: Server, in_force: Site
) -> None:
    client, found = api.staff(), []
    for names in ((), ("second", "third")):
        for name in names:
            deploy(acme, samples.site(acme, name))
        with api.counted() as statements:
            api.data(client.get(path(answering)))
        found.append(len(statements))
    assert found[0] == found[1]
