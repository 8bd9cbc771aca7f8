"""What the operator's staff see first: a few live figures, and what needs somebody. Runs in staff's scope.

Each figure is one query that counts by a state; decisions are today's only, so that one partition is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.apps import apps
from django.db.models import Count, QuerySet, TextField, Value
from django.utils import timezone

from billing.models import LIVE
from billing.selectors import plan_requests, subscriptions
from moderation.models import Deployment, DeploymentStatus, Server, ServerStatus, Site
from moderation.selectors import decisions
from musenest.common.work import Schedule, WorkItem, WorkState

AT_MOST = 5
Kinds = list[tuple[str, str, int]]
SHOWN_STATES = (WorkState.WAITING, WorkState.RUNNING, WorkState.FAILED, WorkState.PARKED)


@dataclass(frozen=True)
class Figure:
    """How many rows are in one state."""

    state: str
    count: int


@dataclass(frozen=True)
class Problem:
    """One row that needs somebody: which (model's label and key), what it is called, the reason, and what can
    be done about it there.
    """

    model: str
    pk: str
    name: str
    reason: str
    way_out: str


def servers() -> list[Figure]:
    return by_state(Server.objects.filter(is_active=True), "status")


def sites() -> list[Figure]:
    return by_state(Site.objects.filter(deleted_at=None), "deployment_status")


def decisions_today() -> list[Figure]:
    """Of the UTC day, without escalated ones."""
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    return by_state(decisions.visible_to_staff().filter(created_at__gte=midnight, mode=LIVE), "standing")


def work_by_kind() -> Kinds:
    """(model's label, state, count) of work that is open, failed or parked, in one statement."""
    kinds = [
        model._default_manager.filter(state__in=SHOWN_STATES)
        .order_by()
        .values_list(Value(model._meta.label_lower, output_field=TextField()), "state")
        .annotate(count=Count("pk"))
        for model in work_models()
    ]
    return list(kinds[0].union(*kinds[1:], all=True))


def work_models() -> list[type[WorkItem]]:
    return [model for model in apps.get_models() if issubclass(model, WorkItem)]


def by_state(rows: QuerySet[Any], field: str) -> list[Figure]:
    counted = rows.order_by().values_list(field).annotate(count=Count("pk")).order_by("-count")
    return [Figure(state, count) for state, count in counted]


def problems(kinds: Kinds | None = None) -> list[Problem]:
    """The newest few: servers that do not answer, failed deployments, parked work, failed schedules; and the
    plans that customers ask for.
    """
    return [
        *server_problems(),
        *deployment_problems(),
        *parked_work(kinds),
        *schedule_problems(),
        *asked_plans(),
    ]


def server_problems() -> Iterable[Problem]:
    troubled = Server.objects.filter(is_active=True, status__in=[ServerStatus.OFFLINE, ServerStatus.DEGRADED])
    for server in troubled.order_by("-last_checked_at")[:AT_MOST]:
        yield Problem("moderation.server", str(server.pk), server.name, server.last_error, "Check it")


def deployment_problems() -> Iterable[Problem]:
    unsuccessful = Site.objects.filter(deleted_at=None, deployment_status="failed")
    failed = list(unsuccessful.order_by("-updated_at")[:AT_MOST])
    if not failed:
        return
    newest = {
        deployment.site_config_id: deployment
        for deployment in Deployment.objects.filter(
            site_config__in=[site.pk for site in failed], deployment_status=DeploymentStatus.FAILED
        ).order_by("revision")
    }
    for site in failed:
        reason = newest[site.pk].error_message if site.pk in newest else ""
        yield Problem("moderation.site", str(site.pk), site.site_identifier, reason, "Deploy again")


def parked_work(kinds: Kinds | None) -> Iterable[Problem]:
    counted = work_by_kind() if kinds is None else kinds
    parked = {label for label, state, _ in counted if state == WorkState.PARKED}
    for model in work_models():
        if model._meta.label_lower not in parked:
            continue
        for item in model._default_manager.filter(state=WorkState.PARKED).order_by("-created_at")[:AT_MOST]:
            name = f"{model._meta.verbose_name} {item}"
            yield Problem(model._meta.label_lower, str(item.pk), name, item.last_error, "Replay it")


def schedule_problems() -> Iterable[Problem]:
    for schedule in Schedule.objects.exclude(last_error="").order_by("name")[:AT_MOST]:
        name = f"schedule {schedule.name}"
        yield Problem("common.schedule", schedule.pk, name, schedule.last_error, "Read what failed")


def asked_plans() -> Iterable[Problem]:
    """A request is answered by a change of the tier, on the page of the current subscription."""
    asked = {organization: (name, request) for organization, name, request in plan_requests.open_ones()}
    for organization, pk in subscriptions.current_keys(asked) if asked else ():
        name, request = asked[organization]
        reason = request.message or f"Asked for by {request.by}."
        title = f"{name} asks for {request.display_name}"
        yield Problem("billing.subscription", str(pk), title, reason, "Change the tier")
