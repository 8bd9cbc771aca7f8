"""Deployments that are taken back, and those that are not even begun."""

import pytest

from accounts.models import AuditEvent
from billing.models import Subscription
from moderation.models import ConfigurationVersion, Deployment, Server, Site, SiteStatus
from moderation.services import deployments, servers, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, NotFoundError
from tests.moderation.services.deploying import request, run, site_of, statuses
from tests.samples import Customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "draft")]


def test_cancelling_gives_the_site_back_its_state(acme: Customer) -> None:
    with acme.scope():
        run(request(acme))
        again = request(acme)
        cancelled = deployments.cancel(deployment=again, by=acme.owner.actor)
        assert (cancelled.deployment_status, cancelled.state) == ("superseded", "cancelled")
        assert site_of(acme).deployment_status == SiteStatus.DEPLOYED
        changed = request(acme, 2.5)
        deployments.cancel(deployment=changed, by=acme.owner.actor)
        assert site_of(acme).deployment_status == SiteStatus.OUTDATED
        assert AuditEvent.objects.filter(action="deployment.cancelled").count() == 2


@pytest.mark.parametrize("state", ["running", "done", "failed"])
def test_what_has_begun_cannot_be_cancelled(acme: Customer, state: str) -> None:
    with acme.scope():
        deployment = request(acme)
        Deployment.objects.update(state=state, deployment_status="in_progress")
        with pytest.raises(ConflictError) as caught:
            deployments.cancel(deployment=deployment, by=SYSTEM)
        assert caught.value.code == "WORK_NOT_WAITING"
        assert statuses() == ["in_progress"]


def test_a_site_that_is_gone_is_not_deployed(acme: Customer) -> None:
    with acme.scope():
        site = site_of(acme)
        sites.delete(site=site, by=acme.owner.actor)
        with pytest.raises(NotFoundError):
            deployments.request(site=site, by=acme.owner.actor)


def test_a_site_without_or_with_an_inactive_server_is_not_deployed(acme: Customer) -> None:
    with tenancy.staff():
        servers.update(server=Server.objects.get(), fields={"is_active": False}, by=SYSTEM)
    with acme.scope():
        with pytest.raises(ConflictError) as caught:
            request(acme)
        assert caught.value.code == "SERVER_INACTIVE"
        Site.objects.update(server=None)
        with pytest.raises(ConflictError) as caught:
            request(acme)
        assert caught.value.code == "NO_SERVER"
        assert not Deployment.objects.exists()
        assert not ConfigurationVersion.objects.exists()


@pytest.mark.parametrize("status", ["paused", "suspended", "cancelled", "expired"])
def test_without_a_subscription_that_serves_nothing_is_deployed(acme: Customer, status: str) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=status)
        with pytest.raises(DeniedError):
            request(acme)
        assert not Deployment.objects.exists()
        assert not ConfigurationVersion.objects.exists()
