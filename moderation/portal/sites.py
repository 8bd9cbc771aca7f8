"""An organisation's sites: the list, a new one, a site's page, saving and deleting it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moderation.models import Site, SiteStatus
from moderation.portal import site_page
from moderation.portal.new_site_form import NewSiteForm
from moderation.portal.settings_form import overrides_of
from moderation.selectors import sites, templates
from moderation.services import sites as saving
from musenest.common.errors import ConflictError, DeniedError, InvalidError
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("sites:read")
def index(request: PortalRequest) -> HttpResponse:
    """All sites, or those in one state."""
    found = sites.visible_to(request.caller.organization)
    state = request.GET.get("state", "")
    if state in SiteStatus.values:
        found = found.filter(deployment_status=state)
    context = {"section": "sites", "sites": found, "state": state, "states": SiteStatus.choices}
    return render(request, "moderation/sites.html", context)


@require_http_methods(["GET", "POST"])
@organization_page("sites:write")
def create(request: PortalRequest) -> HttpResponse:
    """The templates as cards with a name and an identifier; a new site leads to its page."""
    form = NewSiteForm(request.POST or None, templates=list(templates.live()))
    if form.is_valid():
        try:
            site = saving.create(
                organization=request.caller.organization, fields=form.cleaned_data, by=request.caller.actor
            )
        except (ConflictError, DeniedError, InvalidError) as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{site.site_name} is there. Look at its settings, then deploy it.")
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
    """Back to the page when saved; else the page again, what was posted still in the form."""
    require(request, "sites:write")
    documents = overrides_of(request.POST, site.industry_template.latest.documents)
    name = request.POST.get("site_name", site.site_name)
    try:
        saved = saving.update(
            site=site,
            fields={**documents, "site_name": name},
            by=request.caller.actor,
            expected_version=expected_version(request),
        )
    except InvalidError as error:
        context = site_page.context(request, site, posted=documents, errors=error.details.get("errors", []))
        return render(request, "moderation/site.html", context, status=error.status)
    except ConflictError as error:
        context = site_page.context(request, site, posted=documents, conflict=error)
        return render(request, "moderation/site.html", context, status=error.status)
    if saved.config_version != site.config_version:
        is_in_force = saved.deployment_status == SiteStatus.DEPLOYED
        messages.success(
            request, "Saved." if is_in_force else "Saved. It is not in force until you deploy it."
        )
    return redirect("site", request.caller.organization.slug, site.site_identifier)


def expected_version(request: PortalRequest) -> int:
    """The version that the person saw: of the page, or of the conflict that they chose to overwrite."""
    seen = request.POST.get("overwrite") or request.POST.get("config_version", "")
    # Without a number nothing was seen, and no site's version is 0.
    return int(seen) if seen.isdecimal() else 0


@require_POST
@organization_page("sites:write")
def delete(request: PortalRequest, identifier: str) -> HttpResponse:
    """Deletes the site when its identifier was typed."""
    site = sites.get_for(request.caller.organization, identifier)
    if request.POST.get("name", "").strip() != site.site_identifier:
        raise InvalidError(f"Type {site.site_identifier} to delete it. Nothing was deleted.")
    saving.delete(site=site, by=request.caller.actor)
    messages.success(request, f"{site.site_name} was deleted.")
    return redirect("sites", request.caller.organization.slug)


def require(request: PortalRequest, permission: str) -> None:
    if not request.caller.may(permission):
        raise DeniedError("Your role does not allow this. Ask an owner or admin of the organisation.")
