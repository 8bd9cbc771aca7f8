"""What the operator's staff see first: a few live figures, and what needs somebody. Runs in staff's scope.

Each figure is one query that counts by a state; decisions are today's only, so that one partition is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.apps import apps
from django.db.models import Count, QuerySet
from django.utils import timezone

from moderation.models import Deployment, DeploymentStatus, Server, ServerStatus, Site
from moderation.selectors import decisions
from musenest.common.work import Schedule, WorkItem, WorkState

AT_MOST = 5
SHOWN_STATES = (WorkState.WAITING, WorkState.RUNNING, WorkState.FAILED, WorkState.PARKED)


@dataclass(frozen=True)
class Figure:
    """How many rows are in one state."""

    state: str
    count: int


@dataclass(frozen=True)
class Problem:
    """One row that needs somebody: which (model's label and key), what it is called, and the reason."""

    model: str
    pk: str
    name: str
    reason: str


def servers() -> list[Figure]:
    return by_state(Server.objects.filter(is_active=True), "status")


def sites() -> list[Figure]:
    return by_state(Site.objects.filter(deleted_at=None), "deployment_status")


def decisions_today() -> list[Figure]:
    """Of the UTC day, without escalated ones."""
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time(), UTC)
    return by_state(decisions.visible_to_staff().filter(created_at__gte=midnight, mode="live"), "standing")


def work() -> list[Figure]:
    """Work of every kind that is open, failed or parked."""
    counts = dict.fromkeys(SHOWN_STATES, 0)
    for model in work_models():
        for figure in by_state(model._default_manager.filter(state__in=SHOWN_STATES), "state"):
            counts[WorkState(figure.state)] += figure.count
    return [Figure(state, count) for state, count in counts.items() if count]


def work_models() -> list[type[WorkItem]]:
    return [model for model in apps.get_models() if issubclass(model, WorkItem)]


def by_state(rows: QuerySet[Any], field: str) -> list[Figure]:
    counted = rows.order_by().values_list(field).annotate(count=Count("pk")).order_by("-count")
    return [Figure(state, count) for state, count in counted]


def problems() -> list[Problem]:
    """The newest few: servers that do not answer, failed deployments, parked work, failed schedules."""
    return [*server_problems(), *deployment_problems(), *parked_work(), *schedule_problems()]


def server_problems() -> Iterable[Problem]:
    troubled = Server.objects.filter(is_active=True, status__in=[ServerStatus.OFFLINE, ServerStatus.DEGRADED])
    for server in troubled.order_by("-last_checked_at")[:AT_MOST]:
        yield Problem("moderation.server", str(server.pk), server.name, server.last_error)


def deployment_problems() -> Iterable[Problem]:
    failed = Site.objects.filter(deleted_at=None, deployment_status="failed").order_by("-updated_at")[
        :AT_MOST
    ]
    newest = {
        deployment.site_config_id: deployment
        for deployment in Deployment.objects.filter(
            site_config__in=[site.pk for site in failed], deployment_status=DeploymentStatus.FAILED
        ).order_by("revision")
    }
    for site in failed:
        reason = newest[site.pk].error_message if site.pk in newest else ""
        yield Problem("moderation.site", str(site.pk), site.site_identifier, reason)


def parked_work() -> Iterable[Problem]:
    for model in work_models():
        for item in model._default_manager.filter(state=WorkState.PARKED).order_by("-created_at")[:AT_MOST]:
            name = f"{model._meta.verbose_name} {item}"
            yield Problem(model._meta.label_lower, str(item.pk), name, item.last_error)


def schedule_problems() -> Iterable[Problem]:
    for schedule in Schedule.objects.exclude(last_error="").order_by("name")[:AT_MOST]:
        yield Problem("common.schedule", schedule.pk, f"schedule {schedule.name}", schedule.last_error)
