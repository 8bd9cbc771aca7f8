"""Signing in and out, and where a signed-in person begins."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Person
from accounts.portal.forms import SignInForm
from accounts.selectors import organizations
from accounts.services import sessions
from musenest.common.errors import NotSignedInError


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The form; signed in, on to `next` where that is an address of ours, else to the person's beginning."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "GET" and request.user.is_authenticated:
        return redirect(safe(request, wanted))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            sessions.begin(request=request, **form.cleaned_data)
        except NotSignedInError as error:
            form.add_error(None, error.message)
        else:
            return redirect(safe(request, wanted))
    status = 422 if form.is_bound else 200
    return render(request, "login.html", {"form": form, "next": wanted}, status=status)


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


def safe(request: HttpRequest, address: str) -> str:
    """The address if it is ours, `/` otherwise: a link to the sign-in must not lead elsewhere."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Without the slash it would be taken for the name of a view.
    return address if is_ours and address.startswith("/") else "/"
