"""A deleted site leaves its servers, once nobody can restore it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEvent
from moderation.models import Server, Site, SiteRemoval
from moderation.services import deployments, sites
from musenest.common import tenancy, work
from musenest.common.work import WorkState
from tests import samples
from tests.fake_server import FakeServer, as_json
from tests.samples import Customer

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1, minutes=1)


def delete(of: Customer, site: Site) -> None:
    with of.scope():
        sites.delete(site=site, by=of.owner.actor)


def removals() -> list[SiteRemoval]:
    with tenancy.staff():
        return list(SiteRemoval.objects.order_by("created_at"))


def do_work(later: timedelta = A_DAY) -> list[str]:
    """Every removal that is due by then; returns the states."""
    with time_machine.travel(timezone.now() + later, tick=False):
        for item in removals():
            work.run("site_removal", str(item.pk))
    return [item.state for item in removals()]


def told() -> list[tuple[str, Any]]:
    with tenancy.staff():
        found = AuditEvent.objects.filter(action__contains="on_server") | AuditEvent.objects.filter(
            action="site.removed_from_server"
        )
        return list(found.order_by("pk").values_list("action", "changes"))


def test_the_server_forgets_a_deleted_site_after_a_day(
    acme: Customer, fake: FakeServer, in_force: Site
) -> None:
    delete(acme, in_force)

    assert do_work(timedelta(hours=23)) == ["waiting"]
    assert len(fake.stored) == 1, "it can still be restored"
    assert do_work() == ["done"]
    assert fake.stored == {}
    with tenancy.staff():
        server = str(Server.objects.get())
    assert told() == [("site.removed_from_server", {"server": [server]})]


def test_a_restored_site_stays_on_its_server(acme: Customer, fake: FakeServer, in_force: Site) -> None:
    delete(acme, in_force)
    with acme.scope():
        sites.restore(organization=acme.organization, pk=in_force.pk, by=acme.owner.actor)

    assert [item.state for item in removals()] == ["cancelled"]
    assert do_work() == ["cancelled"]
    assert (len(fake.stored), told()) == (1, [])


def test_one_that_is_deleted_again_leaves_a_day_after_that(
    acme: Customer, fake: FakeServer, in_force: Site
) -> None:
    delete(acme, in_force)
    with time_machine.travel(timezone.now() + timedelta(hours=20)):
        with acme.scope():
            sites.restore(organization=acme.organization, pk=in_force.pk, by=acme.owner.actor)
        delete(acme, Site(pk=in_force.pk, organization=acme.organization))

    assert do_work() == ["cancelled", "waiting"]
    assert len(fake.stored) == 1
    assert do_work(timedelta(hours=45)) == ["cancelled", "done"]
    assert fake.stored == {}


def test_a_site_that_was_never_deployed_asks_for_nothing(acme: Customer, draft: Site) -> None:
    delete(acme, draft)
    assert removals() == []


def test_a_server_that_never_had_it_is_done_with(acme: Customer, fake: FakeServer, in_force: Site) -> None:
    fake.stored.clear()
    delete(acme, in_force)
    assert do_work() == ["done"]


def test_a_server_that_it_was_moved_from_forgets_it_too(
    acme: Customer, fake: FakeServer, in_force: Site
) -> None:
    with acme.scope():
        Site.objects.update(server=None, deployed_server=None)
    delete(acme, in_force)

    assert do_work() == ["done"]
    assert fake.stored == {}


def test_a_server_that_does_not_answer_is_tried_again_and_then_told(
    acme: Customer, fake: FakeServer, in_force: Site
) -> None:
    fake.remove = lambda _: as_json({}, 500)
    delete(acme, in_force)

    assert do_work() == ["waiting"]
    assert told() == []
    with tenancy.staff():
        SiteRemoval.objects.update(attempts=11)
    assert do_work(timedelta(days=2)) == ["failed"]

    ((action, changes),) = told()
    assert action == "site.left_on_server"
    assert "500" in changes["reason"]
    fake.remove = fake.forget
    with tenancy.staff():
        work.replay(SiteRemoval.objects.get())
    assert do_work(timedelta(days=3)) == [WorkState.DONE]
    assert fake.stored == {}


def test_a_strangers_site_stays(acme: Customer, borealis: Customer, fake: FakeServer, in_force: Site) -> None:
    theirs = samples.site(borealis, "borealis-family")
    with borealis.scope():
        deployment = deployments.request(site=theirs, by=borealis.owner.actor)
    work.run("deployment", str(deployment.pk))
    delete(acme, in_force)

    do_work()

    assert [path.split("/")[2] for path in fake.stored] == [str(theirs.pk)]
