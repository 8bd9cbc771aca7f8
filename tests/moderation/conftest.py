"""Acme and its site, on a server that nobody asks, or that answers as a test says."""

import pytest

from moderation.models import Server, Site
from moderation.services import deployments
from musenest.common import tenancy, work
from tests import samples
from tests.fake_server import FakeServer
from tests.samples import Customer


@pytest.fixture
def local() -> Server:
    """Where sites are put. Nobody listens there, unless `answering` is asked for, too."""
    return samples.server()


@pytest.fixture
def acme(local: Server) -> Customer:
    return samples.customer("Acme")


@pytest.fixture
def borealis(local: Server) -> Customer:
    return samples.customer("Borealis")


@pytest.fixture
def draft(acme: Customer) -> Site:
    """Acme's site `acme-family`, which was never deployed."""
    return samples.site(acme)


@pytest.fixture
def family(acme: Customer) -> Site:
    """Acme's site `acme-family`, in force without a server having been asked."""
    return samples.deployed(acme)


@pytest.fixture
def answering(fake: FakeServer, local: Server) -> Server:
    """`local`, where `fake` listens."""
    with tenancy.staff():
        Server.objects.filter(pk=local.pk).update(port=fake.port)
    local.refresh_from_db()
    return local


@pytest.fixture
def in_force(acme: Customer, answering: Server, draft: Site) -> Site:
    """Acme's site `acme-family`, deployed to the server that answers."""
    with acme.scope():
        deployment = deployments.request(site=draft, by=acme.owner.actor)
    work.run("deployment", str(deployment.pk))
    return draft
