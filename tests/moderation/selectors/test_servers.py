"""Servers that an organisation may use."""

import pytest
from django.db import transaction

from moderation.models import ServerStatus
from moderation.selectors import servers
from musenest.common import tenancy
from musenest.common.errors import NotFoundError
from tests import samples

pytestmark = pytest.mark.django_db


def test_shared_and_own_ones_are_usable_and_a_strangers_is_not() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    shared, own = samples.server(), samples.server(organization=acme.organization)
    theirs = samples.server(organization=stranger.organization)
    samples.server(is_active=False)
    with acme.scope():
        assert set(servers.usable_by(acme.organization)) == {shared, own}
    with tenancy.staff():
        assert set(servers.usable_by(acme.organization)) == {shared, own}
        assert servers.get(theirs.pk) == theirs
    with acme.scope(), pytest.raises(NotFoundError):
        servers.get(theirs.pk)


@pytest.mark.parametrize(("most", "has_room"), [(-1, True), (0, False), (1, False), (2, True)])
def test_room_counts_the_sites_of_all_organisations_and_none_that_was_deleted(
    most: int, has_room: bool
) -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    server = samples.server()
    samples.site(stranger, "theirs")
    gone = samples.site(acme, "gone")
    with acme.scope():
        type(gone).objects.filter(pk=gone.pk).update(deleted_at="2026-01-01T00:00Z")
    server.max_sites = most
    with tenancy.staff():
        server.save()
    with acme.scope(), transaction.atomic():
        assert servers.has_room(server) is has_room
        assert (servers.best_for(acme.organization) == server) is has_room


def test_a_server_that_is_known_to_be_online_is_preferred() -> None:
    acme = samples.customer()
    for status in (ServerStatus.UNKNOWN, ServerStatus.ONLINE, ServerStatus.DEGRADED):
        samples.server(status=status)
    with acme.scope():
        best = servers.best_for(acme.organization)
    assert best is not None
    assert best.status == ServerStatus.ONLINE
