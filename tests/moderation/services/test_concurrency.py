"""Many who deploy, cancel and save one site at once, with real commits: nobody is stuck, nothing is half
done.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from moderation.models import Deployment, Site
from moderation.services import deployments, sites
from musenest.common import work
from tests import samples
from tests.at_once import at_once
from tests.samples import Customer

pytestmark = pytest.mark.usefixtures("committed_db")


def test_deployments_asked_for_at_once_leave_one_pending(acme: Customer) -> None:
    site = samples.site(acme)
    found = at_once([lambda: deployments.request(site=site, by=acme.owner.actor)] * 16, acme.scope)
    assert found == ["done"] * 16
    with acme.scope():
        statuses = list(Deployment.objects.order_by("revision").values_list("revision", "deployment_status"))
        assert statuses == [(number, "superseded") for number in range(1, 16)] + [(16, "pending")]
        assert Site.objects.get().revision == 16


def test_asking_and_cancelling_at_once_stick_at_nothing(acme: Customer) -> None:
    site = samples.site(acme)
    with acme.scope():
        waiting = deployments.request(site=site, by=acme.owner.actor)

    def ask() -> None:
        deployments.request(site=site, by=acme.owner.actor)

    def cancel() -> None:
        deployments.cancel(deployment=waiting, by=acme.owner.actor)

    for _ in range(5):
        found = at_once([ask, cancel] * 6, acme.scope)
        assert set(found) <= {"done", "WORK_NOT_WAITING"}
        with acme.scope():
            waiting = Deployment.objects.latest("revision")
            assert Deployment.objects.filter(deployment_status="pending").count() <= 1
            assert (
                not Deployment.objects.filter(deployment_status="pending").exclude(state="waiting").exists()
            )


def test_cancelling_waits_for_no_deployment_that_runs(acme: Customer) -> None:
    """A worker that ends one has locked its row, and locks the site next; whoever cancels locked the site."""
    site = samples.site(acme)
    with acme.scope():
        running = deployments.request(site=site, by=acme.owner.actor)
        Deployment.objects.update(state=work.WorkState.RUNNING)

    def cancel() -> None:
        deployments.cancel(deployment=running, by=acme.owner.actor)

    with ThreadPoolExecutor(1) as pool, acme.scope(), transaction.atomic():
        Deployment.objects.select_for_update().get()
        assert pool.submit(at_once, [cancel], acme.scope).result(10) == ["WORK_NOT_WAITING"]


def test_two_who_saw_one_version_cannot_both_save(acme: Customer) -> None:
    site = samples.site(acme)

    def save(name: str) -> None:
        sites.update(site=site, fields={"site_name": name}, by=acme.owner.actor, expected_version=1)

    found = at_once([partial(save, f"Name {number}") for number in range(8)], acme.scope)
    assert (found.count("done"), found.count("CONFIG_VERSION_STALE")) == (1, 7)
    with acme.scope():
        assert Site.objects.get().config_version == 2
