"""What a site's page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.models import Organization
from moderation.domain import attestations
from moderation.domain.changes import Change
from moderation.domain.plan_features import ADVANCED_THRESHOLDS, CUSTOM_KEYWORDS
from moderation.models import Deployment, DeploymentStatus, Site, SiteStatus
from moderation.portal import words
from moderation.portal.closed import closed_of
from moderation.portal.deployment_view import HISTORY_SHOWN, history_of, panel_of
from moderation.portal.plan_view import ChangeRow, PlanView, plan_of, row
from moderation.portal.settings_form import SettingsForm, form_of
from moderation.selectors import deployments, servers, templates
from moderation.services.retention import REMOVE
from musenest.common.errors import ConflictError
from musenest.common.pages import SIZE, number_of
from musenest.common.portal import PortalRequest
from musenest.common.sentences import say


@dataclass(frozen=True)
class ConflictView:
    """Somebody saved in between: who, when, and what overwriting would do."""

    by: str
    at: datetime
    version: int
    rows: list[ChangeRow]


def context(
    request: PortalRequest,
    site: Site,
    *,
    posted: Mapping[str, Any] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    conflict: ConflictError | None = None,
) -> dict[str, Any]:
    """`posted` stands in the form instead of what is saved, so that nothing that was typed is lost."""
    can_write = request.caller.may("sites:write")
    return {
        "section": "sites",
        "site": site,
        # Once somebody chose to overwrite a version, that is the one they saw.
        "config_version": request.POST.get("overwrite")
        or request.POST.get("config_version")
        or site.config_version,
        "form": form(site, posted, errors),
        "conflict": conflict_view(conflict, request.caller.organization) if conflict else None,
        "can_write": can_write,
        "can_remove": request.caller.may(REMOVE),
        **locks(site, is_locked=not can_write),
        "own": own_fields(request, site),
        **deployment_context(request, site),
    }


def locks(site: Site, *, is_locked: bool) -> dict[str, Any]:
    """What may only be looked at: by this role everything, in this plan what it lacks."""
    closed = closed_of(site)
    thresholds, keywords = closed.get(ADVANCED_THRESHOLDS), closed.get(CUSTOM_KEYWORDS)
    return {
        "is_locked": is_locked,
        "closed_thresholds": thresholds,
        "closed_keywords": keywords,
        "are_thresholds_locked": is_locked or thresholds is not None,
        "are_keywords_locked": is_locked or keywords is not None,
    }


@dataclass(frozen=True)
class OwnFields:
    """What is set beside the documents, as posted where somebody posted; and what may be chosen."""

    site_name: str
    webhook_url: str
    is_active: bool
    retention_months: str
    server: str
    template: str
    servers: list[tuple[str, str]]
    templates: list[tuple[str, str]]


def own_fields(request: PortalRequest, site: Site) -> OwnFields:
    posted = request.POST
    usable = server_names(request.caller.organization)
    if site.server is not None:  # it may have been taken out of service meanwhile
        usable[str(site.server.pk)] = site.server.name
    return OwnFields(
        site_name=posted.get("site_name", site.site_name),
        webhook_url=posted.get("webhook_url", site.webhook_url),
        is_active="is_active" in posted if "has_is_active" in posted else site.is_active,
        retention_months=posted.get("retention_months", str(site.retention_months)),
        server=posted.get("server", str(site.server_id or "")),
        template=posted.get("industry_template", site.industry_template.name),
        servers=sorted(usable.items(), key=lambda item: item[1]),
        templates=[(template.name, gettext(template.display_name)) for template in templates.choices(site)],
    )


def deployment_context(request: PortalRequest, site: Site) -> dict[str, Any]:
    """The part of the page that is asked for every second while a deployment runs."""
    history, older = newest_of(site, request.GET.get("since") or request.POST.get("since", ""))
    panel = panel_of(history[0] if history else None)
    plan = None if panel.is_running else plan_of(site)
    return {
        "site": site,
        "state": state_of(site, plan),
        "panel": panel,
        "plan": plan,
        "history": history_of(history),
        "since": history[-1].revision if history else "",
        "older": older,
        "can_deploy": request.caller.may("deploy"),
        "can_attest": request.caller.may("attest"),
        "wording": attestations.WORDING,
        "wording_version": attestations.WORDING_VERSION,
    }


def state_of(site: Site, plan: PlanView | None) -> str:
    """The site's state; of one that was never deployed also why not yet. Without a plan a deployment runs."""
    if plan is None:
        return DeploymentStatus.IN_PROGRESS
    if site.deployment_status == SiteStatus.PENDING and (plan.conflicts or plan.errors):
        return "blocked"
    return site.deployment_status


def newest_of(site: Site, since: str) -> tuple[list[Deployment], str]:
    """The newest deployments, and where the older ones are (empty where there are none). `since` is the last
    one that the page showed before: it stays the last, or new ones would push others out between them and the
    older ones that somebody looks at.
    """
    found = deployments.history_of(site)
    if since:
        return list(found.filter(revision__gte=number_of(since))[:SIZE]), ""
    rows = list(found[: HISTORY_SHOWN + 1])
    shown = rows[:HISTORY_SHOWN]
    return shown, f"?older={shown[-1].revision}" if len(rows) > HISTORY_SHOWN else ""


def form(site: Site, posted: Mapping[str, Any] | None, errors: Sequence[Mapping[str, str]]) -> SettingsForm:
    version = site.industry_template.latest
    messages = {error["path"]: say(error["message"]) for error in errors}
    shown = site.documents if posted is None else posted
    return form_of(version.documents, shown, rationale=version.rationale, errors=messages)


def conflict_view(error: ConflictError, organization: Organization) -> ConflictView:
    details = error.details
    names = server_names(organization)
    return ConflictView(
        by=details["saved_by"] or gettext("Somebody"),
        at=datetime.fromisoformat(details["saved_at"]),
        version=details["config_version"],
        rows=[conflict_row(change, names) for change in details["changes"]],
    )


def server_names(organization: Organization) -> dict[str, str]:
    return {str(server.pk): server.name for server in servers.usable_by(organization)}


def conflict_row(change: Mapping[str, Any], names: Mapping[str, str]) -> ChangeRow:
    path = change["path"]
    theirs, yours = change["theirs"], change["yours"]
    if path == "server":
        theirs, yours = names.get(theirs, theirs), names.get(yours, yours)
    nothing = gettext("none") if path in words.OWN_FIELDS else gettext("the template's")
    shown = row(Change(path, theirs, yours, ""))
    return replace(shown, before=shown.before or nothing, after=shown.after or nothing)
