"""How allauth's views run in our house: in which scope, for whom, with which status.

Who is not signed in has no scope, so what looks for a person among all runs as staff, for that one view.
Pages of somebody signed in stay in the person's own scope, unless they too must look among all (whether an
address is taken).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.portal.forms import dress
from accounts.portal.sessions import person_of
from accounts.selectors import callers
from accounts.services import devices
from musenest.common import rates, tenancy
from musenest.common.errors import NotFoundError
from musenest.common.step_up import required as stepped_up

View = Callable[..., Any]
OK = 200
SECRETS = ("password", "password1", "password2", "oldpassword", "code", "credential")


def among_all(view: View) -> Callable[..., HttpResponse]:
    """Runs and renders the view as staff."""

    @never_cache
    @sensitive_post_parameters(*SECRETS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenancy.staff():
            return rendered(request, view(request, *args, **kwargs))

    return wrapped


def entrance(view: View, *, knows_devices: bool = False) -> Callable[..., HttpResponse]:
    """For pages of nobody: what they send is counted (five a minute for each address), and runs as staff.

    `knows_devices`: what others do at this address does not count against a browser that is known to the
    account which the form names. Only for a form that tries this very account: elsewhere one's own name and
    cookie would buy more tries at somebody else's.
    """
    inner = among_all(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            known = devices.client_of(request, request.POST.get("email", "")).device if knows_devices else ""
            rates.require(request, rates.AUTH, rates.ANONYMOUS, subject=f"device:{known}" if known else "")
        return inner(request, *args, **kwargs)

    return wrapped


def own(view: View) -> Callable[..., HttpResponse]:
    """For pages about oneself: signed in, with the rail of the first organisation where there is one."""

    @login_required
    @never_cache
    @sensitive_post_parameters(*SECRETS)
    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.caller = callers.in_first_organization(person_of(request))
        return rendered(request, view(request, *args, **kwargs))

    return wrapped


def question(view: View) -> Callable[..., HttpResponse]:
    """For the page that asks somebody signed in who they are: alone, without a rail to leave by."""

    @login_required
    @never_cache
    @sensitive_post_parameters(*SECRETS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return rendered(request, view(request, *args, **kwargs))

    return wrapped


def own_secret(view: View) -> Callable[..., HttpResponse]:
    """The same, of somebody who has lately shown who they are."""
    return own(stepped_up(view))


def with_google(view: View) -> Callable[..., HttpResponse]:
    """There only where Google is set up."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SOCIALACCOUNT_PROVIDERS["google"].get("APPS"):
            raise NotFoundError("Signing in with Google is not set up here.")
        return view(request, *args, **kwargs)  # type: ignore[no-any-return]  # allauth carries no types

    return wrapped


def rendered(request: HttpRequest, response: Any) -> HttpResponse:
    """The response in our look, rendered while the scope holds; a form with mistakes answers 422, as ours
    do.
    """
    if isinstance(response, TemplateResponse):
        for value in (response.context_data or {}).values():
            if isinstance(value, BaseForm):
                dress(value)
        response = response.render()
    if request.method == "POST" and response.status_code == OK:
        response.status_code = 422
    return response  # type: ignore[no-any-return]  # allauth carries no types
