"""Signing out, and where a signed-in person begins."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Person
from accounts.selectors import organizations
from accounts.services import sessions
from musenest.common.errors import NotSignedInError


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    sessions.end(request=request)
    return redirect("login")


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The overview of the first organisation that was joined; the admin for staff who belong to none."""
    found = organizations.of_person(person_of(request))
    if found:
        return redirect("overview", found[0].slug)
    if person_of(request).is_staff:
        return redirect("admin:index")
    return render(request, "accounts/home.html", {"person": request.user})


@require_GET
@login_required
def switcher(request: HttpRequest) -> HttpResponse:
    """The fragment in the rail's switcher: the person's organisations, the current one marked."""
    context = {
        "organizations": organizations.of_person(person_of(request)),
        "current": request.GET.get("current", ""),
    }
    return render(request, "accounts/_organizations.html", context)


def person_of(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise NotSignedInError("Sign in first.")
    return request.user
