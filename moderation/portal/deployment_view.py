"""A deployment as a site's page shows it: how far it is and what happens next, and the history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from moderation.models import Deployment, DeploymentStatus
from musenest.common.sentences import say
from musenest.common.work import WorkState

STEPS = 3
TONES = {
    DeploymentStatus.SUCCESSFUL: "approved",
    DeploymentStatus.FAILED: "rejected",
}
STATES = {
    DeploymentStatus.PENDING: gettext_noop("Pending"),
    DeploymentStatus.IN_PROGRESS: gettext_noop("In Progress"),
    DeploymentStatus.SUCCESSFUL: gettext_noop("Successful"),
    DeploymentStatus.FAILED: gettext_noop("Failed"),
    DeploymentStatus.SUPERSEDED: gettext_noop("Superseded"),
    DeploymentStatus.ROLLED_BACK: gettext_noop("Rolled Back"),
}
HISTORY_SHOWN = 10


@dataclass(frozen=True)
class Progress:
    title: str
    note: str
    value: int
    next: str
    most: int = STEPS
    tone: str = "neutral"


@dataclass(frozen=True)
class Failure:
    title: str
    text: str


@dataclass(frozen=True)
class Panel:
    """The newest deployment: its progress while it runs, its reason once it failed."""

    is_running: bool = False
    progress: Progress | None = None
    failure: Failure | None = None
    limitations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    title: str
    at: datetime
    by: str
    tone: str
    icon: str
    text: str = ""


def panel_of(deployment: Deployment | None) -> Panel:
    if deployment is None:
        return Panel()
    if deployment.is_pending:
        return Panel(is_running=True, progress=progress_of(deployment))
    if deployment.deployment_status == DeploymentStatus.FAILED:
        reason = say(deployment.error_message or deployment.last_error) or gettext("No reason was given.")
        return Panel(
            failure=Failure(gettext("Deployment %(number)s failed") % {"number": deployment.revision}, reason)
        )
    return Panel(limitations=list(deployment.limitations))


def progress_of(deployment: Deployment) -> Progress:
    server = deployment.server.name if deployment.server else gettext("the server")
    note = gettext("deployment %(number)s") % {"number": deployment.revision}
    if deployment.attempts and deployment.state == WorkState.WAITING:
        return waiting(deployment, server, note)
    if deployment.deployment_status == DeploymentStatus.IN_PROGRESS:
        return Progress(
            gettext("Sending to %(server)s") % {"server": server},
            note,
            2,
            gettext("Then the server's copy is read back and compared, and the site is deployed."),
        )
    return Progress(
        gettext("Waiting for a worker"),
        note,
        1,
        gettext("Then version %(number)s is sent to %(server)s.")
        % {"number": deployment.version.number, "server": server},
    )


def waiting(deployment: Deployment, server: str, note: str) -> Progress:
    seconds = max(0, ceil((deployment.due_at - timezone.now()).total_seconds()))
    reason = say(deployment.last_error) or gettext("%(server)s did not answer") % {"server": server}
    said = gettext("%(reason)s. It is tried again in %(seconds)s s; you may leave this page.")
    return Progress(
        gettext("Try %(number)s did not succeed") % {"number": deployment.attempts},
        note,
        1,
        said % {"reason": reason.rstrip("."), "seconds": seconds},
        tone="flagged",
    )


def history_of(deployments: Iterable[Deployment]) -> list[Event]:
    return [event_of(deployment) for deployment in deployments]


def event_of(deployment: Deployment) -> Event:
    status = DeploymentStatus(deployment.deployment_status)
    return Event(
        title=gettext("%(state)s: version %(number)s")
        % {"state": gettext(STATES[status]), "number": deployment.version.number},
        at=deployment.deployed_at or deployment.finished_at or deployment.created_at,
        by=deployment.created_by,
        tone=TONES.get(status, "neutral"),
        icon=icon_of(status),
        text=say(deployment.error_message) or took(deployment),
    )


def took(deployment: Deployment) -> str:
    if not deployment.is_successful or deployment.response_time_ms is None:
        return ""
    server = deployment.server.name if deployment.server else gettext("the server")
    said = gettext("%(server)s answered in %(milliseconds)s ms.")
    return said % {"server": server, "milliseconds": deployment.response_time_ms}


def icon_of(status: DeploymentStatus) -> str:
    if status == DeploymentStatus.SUCCESSFUL:
        return sign(icon="check-lg")
    if status == DeploymentStatus.FAILED:
        return sign(icon="x-lg")
    if status == DeploymentStatus.ROLLED_BACK:
        return sign(icon="arrow-counterclockwise")
    if status == DeploymentStatus.SUPERSEDED:
        return sign(icon="skip-forward-fill")
    return sign(icon="arrow-repeat")


def sign(*, icon: str) -> str:
    """The icon's name. Written as `icon=…` so that the sprite has it (`script/support/assets.py`)."""
    return icon
