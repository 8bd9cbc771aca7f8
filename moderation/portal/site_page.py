"""What a site's page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.domain.changes import Change
from moderation.models import Site
from moderation.portal import words
from moderation.portal.deployment_view import HISTORY_SHOWN, history_of, panel_of
from moderation.portal.plan_view import ChangeRow, plan_of
from moderation.portal.settings_form import SettingsForm, form_of
from moderation.selectors import deployments
from moderation.services import attestations
from musenest.common.errors import ConflictError
from musenest.common.portal import PortalRequest


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
        "config_version": request.POST.get("config_version") or site.config_version,
        "form": form(site, posted, errors),
        "conflict": conflict_view(conflict) if conflict else None,
        "can_write": can_write,
        "is_locked": not can_write,
        "site_name": request.POST.get("site_name", site.site_name),
        **deployment_context(request, site),
    }


def deployment_context(request: PortalRequest, site: Site) -> dict[str, Any]:
    """The part of the page that is asked for every second while a deployment runs."""
    history = list(deployments.history_of(site)[:HISTORY_SHOWN])
    panel = panel_of(history[0] if history else None)
    return {
        "site": site,
        "panel": panel,
        "plan": None if panel.is_running else plan_of(site),
        "history": history_of(history),
        "can_deploy": request.caller.may("deploy"),
        "can_attest": request.caller.may("attest"),
        "wording": attestations.WORDING,
    }


def form(site: Site, posted: Mapping[str, Any] | None, errors: Sequence[Mapping[str, str]]) -> SettingsForm:
    version = site.industry_template.latest
    messages = {error["path"]: error["message"] for error in errors}
    shown = site.documents if posted is None else posted
    return form_of(version.documents, shown, rationale=version.rationale, errors=messages)


def conflict_view(error: ConflictError) -> ConflictView:
    details = error.details
    return ConflictView(
        by=details["saved_by"] or "Somebody",
        at=datetime.fromisoformat(details["saved_at"]),
        version=details["config_version"],
        rows=[row(change) for change in details["changes"]],
    )


def row(change: Mapping[str, Any]) -> ChangeRow:
    path = change["path"]
    found = Change(path, change["theirs"], change["yours"], "")
    return ChangeRow(
        path=path,
        title=words.title(path),
        before=words.value(path, found.before) or "the template's",
        after=words.value(path, found.after) or "the template's",
        source="",
    )
