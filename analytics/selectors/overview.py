"""An organisation at a glance: what needs somebody now, the quota, the last 30 days, decisions and sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.selectors import api_keys
from analytics.selectors.decisions import DecidedDay, by_now
from billing.selectors import subscriptions, usage
from billing.selectors.usage import Quota
from moderation.models import Decision, Deployment, Server, ServerStatus, Site, SiteStatus
from moderation.selectors import decisions, sites
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError

LATEST = 8


@dataclass(frozen=True)
class Failed:
    """A site whose newest deployment failed, and why."""

    site: Site
    reason: str


@dataclass(frozen=True)
class Overview:
    sites: list[Site]
    failed: list[Failed]
    outdated: list[Site]
    offline: list[Server]
    quota: Quota | None
    tier_name: str
    days: list[DecidedDay]
    latest: list[Decision]
    has_key: bool

    def total(self, kind: str) -> int:
        return sum(getattr(day, kind) for day in self.days)


def of_caller(caller: Caller) -> Overview:
    """Everything that the overview shows, in eight queries; nine where a deployment failed."""
    own = list(sites.visible_to(caller.organization))
    quota, tier_name = quota_of(caller)
    visible = decisions.visible_to(caller)
    return Overview(
        sites=own,
        failed=failed_of(own),
        outdated=[site for site in own if site.deployment_status == SiteStatus.OUTDATED],
        offline=offline_of(own),
        quota=quota,
        tier_name=tier_name,
        days=by_now(caller),
        latest=list(visible[:LATEST]),
        has_key=api_keys.of_organization(caller.organization).exists(),
    )


def quota_of(caller: Caller) -> tuple[Quota | None, str]:
    """None where the subscription gives nothing at the moment."""
    try:
        tier = subscriptions.tier_of(caller.organization)
    except DeniedError:
        return None, ""
    return usage.quota_of(caller.organization, tier), tier.display_name


def failed_of(own: Sequence[Site]) -> list[Failed]:
    failed = [site for site in own if site.deployment_status == SiteStatus.FAILED]
    if not failed:
        return []
    newest = (
        Deployment.objects.filter(site_config__in=failed)
        .order_by("site_config_id", "-revision")
        .distinct("site_config_id")
    )
    reasons = {deployment.site_config_id: deployment.error_message for deployment in newest}
    return [Failed(site, reasons.get(site.pk, "")) for site in failed]


def offline_of(own: Sequence[Site]) -> list[Server]:
    servers = {site.server.pk: site.server for site in own if site.server is not None}
    return [server for server in servers.values() if server.status == ServerStatus.OFFLINE]
