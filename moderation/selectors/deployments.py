"""A site's history."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Organization
from moderation.models import Deployment, Site
from musenest.common.errors import NotFoundError


def history_of(site: Site) -> QuerySet[Deployment]:
    """Newest first, with version and server."""
    return site.deployments.select_related("version", "server").order_by("-revision")


def get_for(organization: Organization, pk: UUID) -> Deployment:
    found = (
        Deployment.objects.filter(organization=organization, pk=pk)
        .select_related("version", "server", "site_config")
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such deployment.", code="DEPLOYMENT_UNKNOWN")
    return found


def newest_of(site: Site) -> Deployment | None:
    return history_of(site).first()
