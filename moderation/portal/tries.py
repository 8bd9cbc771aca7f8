"""Try a picture: analyse one for a site and show why it was decided so. The picture is in memory only."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from moderation.domain.pictures import MAX_BYTES
from moderation.models import Site
from moderation.portal import settings_form
from moderation.portal.decision_view import sentence_of, view_of
from moderation.selectors import decisions, sites
from moderation.services import analyses
from musenest.common import rates
from musenest.common.errors import ConflictError, InvalidError, MuseNestError, TooLargeError, UnsupportedError
from musenest.common.portal import PortalRequest, organization_page

FILE = "image"
MOST_MEBIBYTES = MAX_BYTES // 2**20


@require_GET
@organization_page("analyze")
def choose(request: PortalRequest) -> HttpResponse:
    """On to the first deployed site; where there is none, what has to be done first."""
    found = [site for site in sites.visible_to(request.caller.organization) if site.is_deployed]
    if found:
        return redirect("site-try", request.caller.organization.slug, found[0].site_identifier)
    return render(request, "moderation/try_none.html", {"section": "try"})


@require_http_methods(["GET", "POST"])
@organization_page("analyze")
def try_picture(request: PortalRequest, identifier: str) -> HttpResponse:
    site = sites.get_for(request.caller.organization, identifier)
    if request.method == "POST":
        rates.require_pictures(request, request.caller)
        return result(request, site)
    context = {
        "section": "try",
        "site": site,
        "sites": [found for found in sites.visible_to(request.caller.organization) if found.is_deployed],
        "uses": uses_of(site),
    }
    return render(request, "moderation/try.html", context)


def uses_of(site: Site) -> list[settings_form.Use]:
    """The uses of what is in force, not of what is saved."""
    if site.deployed_version is None:
        return []
    return settings_form.form_of(site.deployed_version.documents, {}, rationale={}).uses


def result(request: PortalRequest, site: Site) -> HttpResponse:
    """The decision as a fragment, as much of it as the person may know; what is wrong with a picture is a
    sentence in its place, and its status.
    """
    try:
        decision = analyses.run(
            site=site,
            image=picture_of(request),
            by=request.caller.actor,
            request=analyses.Request(
                usage_intent=request.POST.get("usage_intent", ""), person=request.user.pk
            ),
        )
    except (ConflictError, InvalidError, TooLargeError, UnsupportedError) as error:
        return refused(request, error)
    told = decisions.told_of(request.caller, decision)
    if isinstance(told, decisions.SealedDecision):
        sealed = {"decision": told, "sentence": sentence_of(told.standing)}
        return render(request, "moderation/_sealed.html", sealed)
    return render(request, "moderation/_result.html", {"view": view_of(told), "decision": told})


def refused(request: PortalRequest, error: MuseNestError) -> HttpResponse:
    return render(request, "moderation/_refused.html", {"error": error}, status=error.status)


def picture_of(request: PortalRequest) -> bytes:
    """The bytes that were sent. Django silently drops a file over the limit, so the length comes first."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLargeError(
            "The picture is larger than %(most)s MiB. Choose a smaller one.",
            code="IMAGE_TOO_LARGE",
            figures={"most": MOST_MEBIBYTES},
        )
    uploaded = request.FILES.get(FILE)
    if uploaded is None:
        raise InvalidError("Choose a picture first.", code="IMAGE_MISSING")
    content: bytes = uploaded.read()
    return content
