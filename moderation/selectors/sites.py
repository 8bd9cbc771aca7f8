"""An organisation's sites."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization
from moderation.models import Site
from musenest.common.errors import NotFoundError

VERSION = ("organization_id", "number", "nudenet", "blip", "moderation_rules", "usage_intents")
SERVER = ("organization_id", "name", "adapter", "protocol", "ip_address", "port", "api_key")
RESTORED_WITHIN = timedelta(days=1)
DECIDES = (
    "organization_id",
    "site_identifier",
    "is_active",
    "deployed_revision",
    *(f"deployed_version__{name}" for name in VERSION),
    *(f"deployed_server__{name}" for name in SERVER),
)


def visible_to(organization: Organization) -> QuerySet[Site]:
    return (
        Site.objects.filter(organization=organization, deleted_at=None)
        .select_related("server", "industry_template", "deployed_version", "deployed_server")
        .order_by("site_identifier")
    )


def count_of(organization: Organization) -> int:
    return visible_to(organization).count()


def is_of(organization: Organization, pk: UUID) -> bool:
    return visible_to(organization).filter(pk=pk).exists()


def deleted_lately(organization: Organization) -> QuerySet[Site]:
    """Those that can still be restored."""
    since = timezone.now() - RESTORED_WITHIN
    return Site.objects.filter(organization=organization, deleted_at__gte=since)


def get_for(organization: Organization, name: str) -> Site:
    """The site by its UUID or its identifier. Raises NotFoundError when it is not there or not theirs."""
    return named(visible_to(organization), organization, name)


def get_for_analysis(organization: Organization, name: str) -> Site:
    """As `get_for`, with no more columns than a decision needs: it is asked for every picture."""
    decides = (
        Site.objects.filter(organization=organization, deleted_at=None)
        .select_related("deployed_version", "deployed_server")
        .only(*DECIDES)
    )
    return named(decides, organization, name)


def named(found: QuerySet[Site], organization: Organization, name: str) -> Site:
    pk = as_uuid(name)
    sites = list(found.filter(pk=pk)) if pk else []
    # PostgreSQL takes no NUL, and no identifier has one.
    if not sites and name.isprintable():
        sites = list(found.filter(site_identifier=name))
    if not sites:
        raise NotFoundError("There is no such site.", code="SITE_UNKNOWN")
    site = sites[0]
    site.organization = organization  # spares whoever asks for it a query
    return site


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
