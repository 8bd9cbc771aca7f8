"""A site's history, and whether one runs."""

import time
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from accounts.models import Organization
from moderation.models import Deployment, DeploymentStatus, Site
from moderation.models.deployments import OPEN
from musenest.common.errors import NotFoundError

FIRST_LOOK, LONGEST_BETWEEN_LOOKS = 0.05, 0.5  # seconds


def history_of(site: Site) -> QuerySet[Deployment]:
    """Newest first, with version and server."""
    return site.deployments.select_related("version", "server").order_by("-revision")


def with_state(found: QuerySet[Site]) -> QuerySet[Site]:
    """Adds `state` to sites: `in_progress` while a deployment waits or runs, else their own."""
    running = Deployment.objects.filter(
        organization=OuterRef("organization"), site_config=OuterRef("pk"), deployment_status__in=OPEN
    )
    deploying = When(Exists(running), then=Value(DeploymentStatus.IN_PROGRESS.value))
    return found.annotate(state=Case(deploying, default=F("deployment_status")))


def get_for(organization: Organization, pk: UUID) -> Deployment:
    found = (
        Deployment.objects.filter(organization=organization, pk=pk)
        .select_related("version", "server", "site_config")
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such deployment.", code="DEPLOYMENT_UNKNOWN")
    return found


def until_ended(organization: Organization, pk: UUID, *, seconds: float) -> Deployment:
    """The deployment once it has ended, or as it is after so many seconds. Holds no connection while
    it waits.
    """
    stop, pause = time.monotonic() + seconds, FIRST_LOOK
    deployment = get_for(organization, pk)
    while deployment.is_pending and time.monotonic() < stop:
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(min(pause, max(0.0, stop - time.monotonic())))
        pause = min(pause * 1.5, LONGEST_BETWEEN_LOOKS)
        deployment = get_for(organization, pk)
    return deployment


def is_newer_of(site: Site, revision: int) -> bool:
    """Whether the revision is a deployment of the site that came after the one in force."""
    deployed = site.deployed_revision or 0
    return revision > deployed and site.deployments.filter(revision=revision).exists()


def newest_of(site: Site) -> Deployment | None:
    return history_of(site).first()
