"""An organisation at a glance: what needs somebody now, the quota, the last 30 days, decisions and sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.selectors import api_keys
from analytics.selectors.decisions import DecidedDay
from billing.selectors import subscriptions, usage
from billing.selectors.usage import Quota
from moderation.models import Decision, DecisionKind, Deployment, Server, ServerStatus, Site, SiteStatus
from moderation.selectors import decisions, deployments, sites
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError

DAYS = 30
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
    """Everything that the overview shows, in six queries; seven where a deployment failed."""
    own = list(deployments.with_state(sites.visible_to(caller.organization)))
    quota, tier_name = quota_of(caller)
    visible = decisions.visible_to(caller)
    return Overview(
        sites=own,
        failed=failed_of(own),
        outdated=[site for site in own if site.deployment_status == SiteStatus.OUTDATED],
        offline=offline_of(own),
        quota=quota,
        tier_name=tier_name,
        days=days_of(caller),
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


def days_of(caller: Caller) -> list[DecidedDay]:
    """The last 30 UTC days, today last, days without decisions too."""
    today = timezone.now().astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    counted = (
        decisions.visible_to(caller)
        .filter(created_at__gte=datetime.combine(first, time.min, tzinfo=UTC))
        .annotate(on=TruncDate("created_at", tzinfo=UTC))
        .values_list("on", "standing")
        .annotate(number=Count("id"))
        .order_by()
    )
    numbers = {(on, kind): number for on, kind, number in counted}
    days = [first + timedelta(days=offset) for offset in range(DAYS)]
    return [
        DecidedDay(day, **{kind: numbers.get((day, kind), 0) for kind in DecisionKind.values}) for day in days
    ]
