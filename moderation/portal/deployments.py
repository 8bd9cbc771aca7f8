"""Looking ahead (the preview beside the sliders), deploying, and how far it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from moderation.domain.changes import changes
from moderation.domain.paths import leaves
from moderation.domain.translation import Warning_
from moderation.models import Site
from moderation.portal import site_page, words
from moderation.portal.closed import kept_of
from moderation.portal.deployment_view import history_of
from moderation.portal.plan_view import counted, rows
from moderation.portal.settings_form import THRESHOLD, overrides_of
from moderation.selectors import configurations, sites, templates
from moderation.selectors import deployments as reading
from moderation.selectors.configurations import Configuration
from moderation.services import attestations, deployments
from musenest.common.errors import InvalidError
from musenest.common.pages import ByNumber, page_of
from musenest.common.portal import PortalRequest, organization_page

SHOWN = (
    "nudenet.public_gallery_threshold",
    "nudenet.private_share_threshold",
    "nudenet.body_parts.nudity_score_threshold",
)


@dataclass(frozen=True)
class Slot:
    """What is said beside the slider of detection: what it comes to, and what to know about it."""

    effect: str
    warnings: list[Warning_]


@dataclass(frozen=True)
class Figure:
    title: str
    shown: str


@require_POST
@organization_page("sites:read", only_looks=True)
def preview(request: PortalRequest, identifier: str) -> HttpResponse:
    """What the posted form would come to: translated, with warnings and differences. Saves nothing."""
    site = sites.get_for(request.caller.organization, identifier)
    try:
        configuration = configuration_of(request, site)
    except InvalidError as error:
        told = {"errors": error.details["errors"], "slot": Slot("", [])}
        return render(request, "moderation/_preview.html", told)
    return render(request, "moderation/_preview.html", preview_context(site, configuration))


def configuration_of(request: PortalRequest, site: Site) -> Configuration:
    """What saving the form would make: own figures are what differs from the template as it was shown, and
    stand over the one that was chosen.
    """
    if not request.caller.may("sites:write"):  # their form is switched off, and so posts nothing
        return configurations.of_site(site)
    kept = kept_of(request.POST, site)
    documents = overrides_of(request.POST, site.industry_template.latest.documents, kept)
    chosen = request.POST.get("industry_template", site.industry_template.name)
    is_same = chosen == site.industry_template.name
    template = site.industry_template if is_same else templates.named(chosen)
    return configurations.of_documents(documents, template.latest)


def preview_context(site: Site, configuration: Configuration) -> dict[str, Any]:
    payload = configuration.profile.payload()
    figures = dict(leaves(payload))
    return {
        "figures": [Figure(words.title(path), f"{figures[path]} %") for path in SHOWN if path in figures],
        "json": json.dumps({"nudenet": payload["nudenet"], "blip": payload["blip"]}, indent=2),
        "slot": slot_of(figures, configuration),
        **against_in_force(site, configuration),
    }


def against_in_force(site: Site, configuration: Configuration) -> dict[str, Any]:
    """What the unsaved form would change; nothing where it is as saved, for then the plan says so."""
    is_saved = configuration.digest == configurations.of_site(site).digest
    if site.deployed_version is None or is_saved:
        return {}
    found = rows(
        changes(
            site.deployed_version.documents,
            configuration.effective.documents,
            configuration.effective.sources,
        )
    )
    return {
        "changes": found,
        "changes_title": gettext("With what is unsaved: %(changes)s against what is in force")
        % {"changes": counted(len(found))},
    }


def slot_of(figures: Mapping[str, Any], configuration: Configuration) -> Slot:
    warnings = [found for found in configuration.warnings if found.path == THRESHOLD]
    public, private = figures.get(SHOWN[0]), figures.get(SHOWN[1])
    counts = gettext("Counts from %(public)s %% in public, from %(private)s %% in private.")
    effect = counts % {"public": public, "private": private} if public is not None else ""
    return Slot(effect, warnings)


@require_POST
@organization_page("deploy")
def deploy(request: PortalRequest, identifier: str) -> HttpResponse:
    """Ask for the deployment of the plan that was seen; the work goes on whether or not somebody watches."""
    site = sites.get_for(request.caller.organization, identifier)
    deployments.request(
        site=site, by=request.caller.actor, expected_digest=request.POST.get("expected_digest") or None
    )
    if request.htmx:
        return fragment(request, sites.get_for(request.caller.organization, identifier))
    return redirect("site", request.caller.organization.slug, site.site_identifier)


@require_POST
@organization_page("attest")
def attest(request: PortalRequest, identifier: str) -> HttpResponse:
    """The owner's statement that adult sites need, for the whole organisation; then back to the site."""
    site = sites.get_for(request.caller.organization, identifier)
    seen = request.POST.get("wording_version", "")[:9]
    attestations.make(
        organization=request.caller.organization,
        wording_version=int(seen) if seen.isdecimal() else 0,  # without a number nothing was read
        by=request.caller.actor,
    )
    messages.success(request, gettext("Stated, and recorded with your name and this moment."))
    return redirect("site", request.caller.organization.slug, site.site_identifier)


@require_GET
@organization_page("sites:read")
def progress(request: PortalRequest, identifier: str) -> HttpResponse:
    return fragment(request, sites.get_for(request.caller.organization, identifier))


@require_GET
@organization_page("sites:read")
def older(request: PortalRequest, identifier: str) -> HttpResponse:
    """The next page of the history, which takes the place of the button that asked for it."""
    site = sites.get_for(request.caller.organization, identifier)
    page = page_of(reading.history_of(site), request.GET.dict(), ByNumber("revision"))
    context = {"site": site, "history": history_of(page.rows), "older": page.older}
    return render(request, "moderation/_older_deployments.html", context)


def fragment(request: PortalRequest, site: Site) -> HttpResponse:
    context = site_page.deployment_context(request, site) | {"is_swapped": True}
    return render(request, "moderation/_deployment.html", context)
