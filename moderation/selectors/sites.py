"""An organisation's sites."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Organization
from moderation.models import Site
from musenest.common.errors import NotFoundError


def visible_to(organization: Organization) -> QuerySet[Site]:
    return (
        Site.objects.filter(organization=organization, deleted_at=None)
        .select_related("server", "industry_template", "deployed_version", "deployed_server")
        .order_by("site_identifier")
    )


def get_for(organization: Organization, name: str) -> Site:
    """The site by its UUID or its identifier. Raises NotFoundError when it is not there or not theirs."""
    pk, found = as_uuid(name), visible_to(organization)
    site = found.filter(pk=pk).first() if pk else None
    # PostgreSQL takes no NUL, and no identifier has one.
    if site is None and name.isprintable():
        site = found.filter(site_identifier=name).first()
    if site is None:
        raise NotFoundError("There is no such site.", code="SITE_UNKNOWN")
    site.organization = organization  # spares whoever asks for it a query
    return site


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
