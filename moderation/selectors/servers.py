"""Moderation servers, as an organisation may see them and as placement chooses among them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When

from accounts.models import Organization
from moderation import clients
from moderation.clients import StoredConfiguration
from moderation.models import Server, ServerStatus, Site
from moderation.models.servers import UNLIMITED
from musenest.common import tenancy
from musenest.common.errors import ConflictError, NotFoundError

HOLDS_SITES = Count("sites", filter=Q(sites__deleted_at=None))
ONLINE_FIRST = Case(When(status=ServerStatus.ONLINE, then=0), default=1)


def all_of_them() -> QuerySet[Server]:
    """For staff, in their scope."""
    return Server.objects.select_related("organization").order_by("name")


def get(pk: UUID) -> Server:
    """For staff, in their scope. Raises NotFoundError."""
    found = all_of_them().filter(pk=pk).first()
    if found is None:
        raise NotFoundError("There is no such server.", code="SERVER_UNKNOWN")
    return found


@dataclass(frozen=True)
class Held:
    """One site on one server: what the server holds, and what was deployed to it; None for nothing."""

    site: UUID
    site_identifier: str | None
    organization: str | None
    held: StoredConfiguration | None
    deployed: StoredConfiguration | None

    @property
    def is_as_deployed(self) -> bool:
        return self.held == self.deployed


def held_by(server: Server) -> list[Held]:
    """Every site that the server holds a configuration of, or should; asked by one call. For staff, in their
    scope, outside any transaction. Raises ConflictError where there is no usable answer.
    """
    try:
        client = clients.connect(adapter=server.adapter, url=server.url, api_key=server.api_key)
        held = client.held_configurations()
    except clients.ServerError as error:
        raise ConflictError(error.message, code=error.code) from error
    sites = Site.objects.filter(Q(deployed_server=server, deleted_at=None) | Q(pk__in=held))
    ours = {site.pk: site for site in sites.select_related("organization", "deployed_version")}
    return [of_site(pk, ours.get(pk), held.get(pk), server) for pk in sorted(held.keys() | ours.keys())]


def of_site(pk: UUID, site: Site | None, held: StoredConfiguration | None, server: Server) -> Held:
    if site is None:
        return Held(pk, None, None, held, None)
    return Held(pk, site.site_identifier, site.organization.slug, held, deployed_to(server, site))


def deployed_to(server: Server, site: Site) -> StoredConfiguration | None:
    """None for a site that was deleted, or is deployed elsewhere by now: it has nothing to be there."""
    if site.deployed_server_id != server.pk or site.deleted_at is not None or site.deployed_version is None:
        return None
    return StoredConfiguration(site.deployed_revision or 0, site.deployed_version.digest)


def usable_by(organization: Organization) -> QuerySet[Server]:
    """The shared servers and the organisation's own."""
    return Server.objects.filter(Q(organization=None) | Q(organization=organization), is_active=True)


def with_room_for(organization: Organization) -> QuerySet[Server]:
    """Servers that answered when they were checked and take another site; their own first, then online ones,
    then the emptiest. In staff's scope.
    """
    return (
        usable_by(organization)
        .annotate(site_count=HOLDS_SITES)
        .filter(Q(max_sites=UNLIMITED) | Q(max_sites__gt=F("site_count")))
        .filter(status__in=[ServerStatus.ONLINE, ServerStatus.DEGRADED])
        .order_by(F("organization").asc(nulls_last=True), ONLINE_FIRST, "site_count", "name")
    )


def best_for(organization: Organization) -> Server | None:
    """Where a new site goes; counts the sites of all organisations. In a transaction, as `has_room`."""
    with tenancy.staff():
        return next((server for server in with_room_for(organization) if has_room(server)), None)


def has_room(server: Server) -> bool:
    """Whether the server takes another site; counts the sites of all organisations.

    In a transaction, until whose end the server is locked: of many who ask at once exactly as many get
    through as there is room.
    """
    if server.max_sites == UNLIMITED:
        return True
    with tenancy.staff():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        return locked.sites.filter(deleted_at=None).count() < locked.max_sites
