"""An organisation's sites: the list, a new one, a site's page, saving and deleting it."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from billing.selectors import sites as rooms
from moderation.models import Site, SiteStatus
from moderation.portal import site_page
from moderation.portal.closed import kept_of
from moderation.portal.new_site_form import NewSiteForm
from moderation.portal.removals import removal_of
from moderation.portal.settings_form import overrides_of
from moderation.selectors import deployments, sites, templates
from moderation.services import retention
from moderation.services import sites as saving
from musenest.common import step_up
from musenest.common.errors import ConflictError, DeniedError, InvalidError
from musenest.common.portal import PortalRequest, organization_page

OWN_FIELDS = ("site_name", "webhook_url", "server", "industry_template")
SMALL_NUMBER = re.compile(r"[0-9]{1,4}")
STATES = {
    SiteStatus.PENDING: gettext_noop("Not deployed"),
    SiteStatus.DEPLOYED: gettext_noop("Deployed"),
    SiteStatus.FAILED: gettext_noop("Failed"),
    SiteStatus.OUTDATED: gettext_noop("Outdated"),
}


@require_GET
@organization_page("sites:read")
def index(request: PortalRequest) -> HttpResponse:
    """All sites, those in one state, or those that were deleted and can be brought back."""
    found = sites.visible_to(request.caller.organization)
    state = request.GET.get("state", "")
    if state in SiteStatus.values:
        found = found.filter(deployment_status=state)
    deleted = list(sites.deleted_lately(request.caller.organization).order_by("-deleted_at"))
    removed = request.GET.get("removed", "")
    context = {
        "section": "sites",
        "sites": deployments.with_state(found),
        "state": state,
        "states": [(status.value, gettext(words)) for status, words in STATES.items()],
        "deleted": deleted,
        "removed": next((site for site in deleted if str(site.pk) == removed), None),
    }
    return render(request, "moderation/sites.html", context)


@require_http_methods(["GET", "POST"])
@organization_page("sites:write")
def create(request: PortalRequest) -> HttpResponse:
    """The templates as cards with a name and an identifier; a new site leads to its page. That the plan has
    no room for one is said before anybody fills it in.
    """
    room = rooms.room_of(request.caller.organization)
    if room and room.is_full and request.method == "GET":
        return render(request, "moderation/site_create_none.html", {"section": "sites", "room": room})
    form = NewSiteForm(request.POST or None, templates=list(templates.live()))
    if form.is_valid():
        try:
            site = saving.create(
                organization=request.caller.organization, fields=form.cleaned_data, by=request.caller.actor
            )
        except (ConflictError, DeniedError, InvalidError) as error:
            form.add_service_error(error)
        else:
            said = gettext("%(site)s is there. Look at its settings, then deploy it.")
            messages.success(request, said % {"site": site.site_name})
            return redirect("site", request.caller.organization.slug, site.site_identifier)
    context = {"section": "sites", "form": form}
    return render(request, "moderation/site_create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@organization_page("sites:read")
def detail(request: PortalRequest, identifier: str) -> HttpResponse:
    """A site's page; a POST saves its settings."""
    site = sites.get_for(request.caller.organization, identifier)
    if request.method == "POST":
        return save(request, site)
    return render(request, "moderation/site.html", site_page.context(request, site))


def save(request: PortalRequest, site: Site) -> HttpResponse:
    """Back to the page when saved; else the page again, what was posted still in the form, with a question
    where decisions would be removed. That needs a proof of who says so.
    """
    require(request, "sites:write")
    kept = kept_of(request.POST, site)
    documents = overrides_of(request.POST, site.industry_template.latest.documents, kept)
    fields = {**documents, **own_fields(request.POST)}
    if retention.shortens(site, fields) and not step_up.is_fresh(request):
        return step_up.ask(request)
    removal = removal_of(site, fields, said=request.POST.get("remove", ""))
    if removal:
        context = site_page.context(request, site, posted=documents) | {"removal": removal}
        return render(request, "moderation/site.html", context, status=409)
    try:
        saved = saving.update(
            site=site,
            fields=fields,
            by=request.caller.actor,
            expected_version=expected_version(request),
        )
    except (DeniedError, InvalidError) as error:
        if "errors" not in error.details:  # nothing that the form could show at a field
            raise
        context = site_page.context(request, site, posted=documents, errors=error.details.get("errors", []))
        return render(request, "moderation/site.html", context, status=error.status)
    except ConflictError as error:
        is_stale = error.code == "CONFIG_VERSION_STALE"  # else it is about the chosen server
        errors = [] if is_stale else [{"path": "server", "message": error.said}]
        conflict = error if is_stale else None
        context = site_page.context(request, site, posted=documents, errors=errors, conflict=conflict)
        return render(request, "moderation/site.html", context, status=error.status)
    if saved.config_version != site.config_version:
        is_in_force = saved.deployment_status == SiteStatus.DEPLOYED
        said = gettext("Saved.") if is_in_force else gettext("Saved. It is not in force until you deploy it.")
        messages.success(request, said)
    return redirect("site", request.caller.organization.slug, site.site_identifier)


def own_fields(posted: QueryDict) -> dict[str, Any]:
    """What is posted beside the documents. A switch that is off posts nothing but that it was shown."""
    fields: dict[str, Any] = {name: posted.get(name, "").strip() for name in OWN_FIELDS if name in posted}
    if "has_is_active" in posted:
        fields["is_active"] = "is_active" in posted
    if "retention_months" in posted:
        months = posted.get("retention_months", "").strip()
        fields["retention_months"] = int(months) if SMALL_NUMBER.fullmatch(months) else months
    return fields


def expected_version(request: PortalRequest) -> int:
    """The version that the person saw: of the page, or of the conflict that they chose to overwrite."""
    seen = request.POST.get("overwrite") or request.POST.get("config_version", "")
    # Without a number nothing was seen, and no site's version is 0.
    return int(seen) if seen.isdecimal() else 0


@require_POST
@organization_page("sites:write")
def delete(request: PortalRequest, identifier: str) -> HttpResponse:
    """Deletes the site when its identifier was typed; else the page again, still asking for it."""
    site = sites.get_for(request.caller.organization, identifier)
    if request.POST.get("name", "").strip() != site.site_identifier:
        said = gettext("Type %(name)s to delete it. Nothing was deleted.")
        asked_again = {"delete_error": said % {"name": site.site_identifier}}
        context = site_page.context(request, site) | asked_again
        return render(request, "moderation/site.html", context, status=422)
    saving.delete(site=site, by=request.caller.actor)
    address = reverse("sites", args=[request.caller.organization.slug])
    return redirect(f"{address}?removed={site.pk}")


@require_POST
@organization_page("sites:write")
def restore(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Undoes the deletion."""
    site = saving.restore(organization=request.caller.organization, pk=pk, by=request.caller.actor)
    messages.success(request, gettext("%(site)s is back, as it was.") % {"site": site.site_name})
    return redirect("site", request.caller.organization.slug, site.site_identifier)


def require(request: PortalRequest, permission: str) -> None:
    if not request.caller.may(permission):
        raise DeniedError("Your role does not allow this. Ask an owner or admin of the organisation.")
