"""A site's history, and waiting for an end."""

import time
from uuid import uuid4

import pytest
from django.db import connection

from moderation.models import Deployment
from moderation.selectors import deployments as reading
from moderation.services import deployments
from musenest.common.errors import NotFoundError
from tests import samples


@pytest.mark.django_db
def test_only_the_own_deployments_are_found() -> None:
    samples.server()
    acme, stranger = samples.customer(), samples.customer("Borealis")
    samples.deployed(stranger, "theirs")
    with stranger.scope():
        theirs = Deployment.objects.get()
    with acme.scope():
        for pk in (theirs.pk, uuid4()):
            with pytest.raises(NotFoundError):
                reading.get_for(acme.organization, pk)
        assert reading.newest_of(samples.site(acme)) is None


def test_waiting_gives_its_connection_back_and_finds_its_scope_again(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples.server()
    acme = samples.customer()
    site = samples.site(acme)
    held: list[bool] = []

    def sleep(_: float) -> None:
        held.append(connection.connection is not None)

    with acme.scope():
        deployment = deployments.request(site=site, by=acme.owner.actor)
        monkeypatch.setattr(time, "sleep", sleep)
        found = reading.until_ended(acme.organization, deployment.pk, seconds=0.2)
    assert found.is_pending
    assert held
    assert not any(held)
