"""What a moderation server really holds, beside what was deployed to it. Nothing is changed."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from moderation import clients
from moderation.clients import StoredConfiguration
from moderation.models import Server, Site
from musenest.common.errors import ConflictError


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


def ask(*, server: Server) -> list[Held]:
    """Every site that the server holds a configuration of, or should: one call, outside any transaction. For
    staff, in their scope. Raises ConflictError where there is no usable answer.
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
