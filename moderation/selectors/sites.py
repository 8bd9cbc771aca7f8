"""An organisation's sites."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Organization
from moderation.models import ConfigurationVersion, Server, Site
from musenest.common.errors import NotFoundError
from musenest.common.postgres.reads import Read

RESTORED_WITHIN = timedelta(days=1)
# By identifier or by UUID, with no more columns than a decision needs.
DECIDES = Read(
    """
    SELECT {columns}
    FROM {site}
        LEFT JOIN {version} ON version.organization_id = site.organization_id
            AND version.id = site.deployed_version_id
        LEFT JOIN {server} ON server.id = site.deployed_server_id
    WHERE site.organization_id = %(organization)s AND site.deleted_at IS NULL
        AND (site.id = %(pk)s OR site.site_identifier = %(name)s)
    ORDER BY site.id = %(pk)s DESC NULLS LAST
    LIMIT 1
    """,
    site=(
        Site,
        ("organization_id", "site_identifier", "is_active", "deployed_revision", "deployed_version_id",
         "deployed_server_id"),
    ),
    version=(
        ConfigurationVersion,
        ("organization_id", "number", "nudenet", "blip", "moderation_rules", "usage_intents"),
    ),
    server=(
        Server,
        ("organization_id", "name", "adapter", "protocol", "ip_address", "port", "api_key"),
    ),
)  # fmt: skip


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


def get_deleted(organization: Organization, name: str) -> Site:
    """As `get_for`, of those that were deleted lately, the latest first, or else of those that are there."""
    known = visible_to(organization) | deleted_lately(organization)
    return named(known.order_by(F("deleted_at").desc(nulls_last=True)), organization, name)


def get_for_analysis(organization: Organization, name: str) -> Site:
    """As `get_for`, with no more columns than a decision needs: it is asked for every picture."""
    # PostgreSQL takes no NUL, and no identifier has one.
    known = {"organization": organization.pk, "pk": as_uuid(name), "name": name}
    row = DECIDES.first(known) if name.isprintable() else None
    if row is None:
        raise unknown()
    site, version, server = row
    site.organization = organization
    site.deployed_version = version if version.pk else None
    site.deployed_server = server if server.pk else None
    return site  # type: ignore[no-any-return]  # a row's models carry no types


def named(found: QuerySet[Site], organization: Organization, name: str) -> Site:
    pk = as_uuid(name)
    sites = list(found.filter(pk=pk)) if pk else []
    # PostgreSQL takes no NUL, and no identifier has one.
    if not sites and name.isprintable():
        sites = list(found.filter(site_identifier=name))
    if not sites:
        raise unknown()
    site = sites[0]
    site.organization = organization  # spares whoever asks for it a query
    return site


def unknown() -> NotFoundError:
    return NotFoundError("There is no such site.", code="SITE_UNKNOWN")


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
