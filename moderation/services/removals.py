"""What is left of a deleted site on moderation servers: removed as work, a day later, when nobody can restore
the site any more (M-68).
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from accounts.services import audit
from moderation import clients
from moderation.models import Deployment, Server, Site, SiteRemoval
from moderation.selectors.sites import RESTORED_WITHIN
from musenest.common import work
from musenest.common.actors import SYSTEM


def request(*, site: Site) -> SiteRemoval | None:
    """Ask for the removal of what is being deleted, in its transaction; None where nothing was deployed."""
    if site.deleted_at is None or not (site.revision or site.deployed_server_id):
        return None
    due_at = site.deleted_at + RESTORED_WITHIN
    return work.enqueue(SiteRemoval(organization_id=site.organization_id, site=site, due_at=due_at))


def withdraw(*, site: Site) -> None:
    """Cancel the removal of what is being restored, in its transaction. One that has begun ends by itself."""
    waiting = SiteRemoval.objects.filter(site=site, state=work.WorkState.WAITING)
    waiting.update(state=work.WorkState.CANCELLED, finished_at=timezone.now())


def run(item: SiteRemoval) -> None:
    """Have every server that the site was ever deployed to remove its profile, and record it. Called by the
    worker, outside any transaction; idempotent.

    Nothing is done for a site that was restored. Raises RetryError for a server that does not do so.
    """
    site = Site.objects.get(pk=item.site_id)
    if site.deleted_at is None or site.deleted_at + RESTORED_WITHIN > timezone.now():
        return  # restored; or deleted once more after that, which is work of its own
    servers = list(servers_of(site))
    refused = [told for server in servers if (told := refusal(server, site))]
    if refused:
        raise work.RetryError(" ".join(refused))
    with work.finishing(item):
        audit.record(
            "site.removed_from_server",
            by=SYSTEM,
            target=site,
            organization=site.organization_id,
            changes={"server": [str(server) for server in servers]},
        )


def servers_of(site: Site) -> Iterable[Server]:
    """Those that may hold a profile of the site: also one that it was moved away from."""
    asked = Deployment.objects.filter(site_config=site).values("server_id")
    return Server.objects.filter(Q(pk__in=asked) | Q(pk=site.deployed_server_id)).order_by("pk")


def refusal(server: Server, site: Site) -> str:
    """Why the server holds the profile still; empty where it does not."""
    try:
        client = clients.connect(adapter=server.adapter, url=server.url, api_key=server.api_key)
        client.remove_configuration(site=site.pk)
    except clients.ServerError as error:
        return f"{server}: {error.message}"
    return ""


def give_up(item: SiteRemoval, reason: str) -> None:
    """No further try: the organisation's trail says what is left, and where. Staff can replay the work."""
    audit.record(
        "site.left_on_server",
        by=SYSTEM,
        target=Site.objects.get(pk=item.site_id),
        organization=item.organization_id,
        changes={"reason": reason},
    )
