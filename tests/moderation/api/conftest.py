"""A real moderation server, as a process, for what must be seen working end to end."""

from collections.abc import Iterator
from typing import Any

import pytest

from moderation.services import deployments
from musenest.common import work
from tests import samples
from tests.moderation.server.conftest import Running, running
from tests.moderation.server.samples import bundled
from tests.samples import Customer


@pytest.fixture(scope="session")
def moderation_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("moderation"), "--workers", "1", key="a key of the test") as one:
        yield one


@pytest.fixture
def acme_in_force(moderation_server: Running, settings: Any) -> Customer:
    """Acme with the site `acme-family`, deployed to the real server."""
    address = moderation_server.url.removeprefix("http://")
    settings.EGRESS_ALLOW = [address]
    samples.server(port=int(address.split(":")[1]), api_key="a key of the test")
    acme = samples.customer()
    site = samples.site(acme)
    with acme.scope():
        deployment = deployments.request(site=site, by=acme.owner.actor)
    work.run("deployment", str(deployment.pk))
    return acme


@pytest.fixture(scope="session")
def colour() -> bytes:
    """scikit-image's `color.png`: the detector sees BUTTOCKS_EXPOSED in it."""
    return bundled("color.png")


@pytest.fixture
def stranger() -> Customer:
    """Another organisation with a site, in place before anything is asked."""
    other = samples.customer("Borealis")
    samples.deployed(other, "theirs")
    return other
