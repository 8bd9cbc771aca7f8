"""What Ctrl-K finds beside the pages of the menu: pages below them, and the organisation's sites."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from moderation.selectors import sites
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("sites:read")
def show(request: PortalRequest) -> HttpResponse:
    """Links only; the page that asked filters them as somebody types."""
    found = sites.visible_to(request.caller.organization).values_list("site_identifier", "site_name")
    context = {"sites": found, "can_write": request.caller.may("sites:write")}
    return render(request, "moderation/_palette.html", context)
