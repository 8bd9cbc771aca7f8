"""The prices, for everybody, written by the live catalogue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import Person
from accounts.selectors import organizations
from billing.portal import cards
from billing.selectors import tiers


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    found = list(tiers.live())
    context = {
        "section": "pricing",
        "cards": cards.cards(found),
        "limits": cards.limit_rows(found),
        "features": cards.feature_rows(found),
        "coming": cards.coming_rows(found),
        "is_member": request.user.is_authenticated,
    }
    return render(request, "billing/pricing.html", context)


@require_GET
def billing(request: HttpRequest) -> HttpResponse:
    """Where refusals send people (`upgrade_url`): the plan of their first organisation, else the prices."""
    found = organizations.of_person(request.user) if isinstance(request.user, Person) else []
    return redirect("plan", found[0].slug) if found else redirect("pricing")
