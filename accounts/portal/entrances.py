"""How allauth's views run in our house: in which scope, for whom, with which status.

Who is not signed in has no scope, so what looks for a person among all runs as staff, for that one view.
Pages of somebody signed in stay in the person's own scope, unless they too must look among all (whether an
address is taken).
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.portal.forms import dress
from accounts.portal.sessions import person_of
from accounts.selectors import callers
from accounts.services import devices
from musenest.common import tenancy
from musenest.common.errors import LimitError, MalformedError, NotFoundError
from musenest.common.step_up import required as stepped_up

View = Callable[..., Any]
Tries = Callable[[HttpRequest], str]
OK = 200
LONGEST_ID = 1024
SECRETS = ("password", "password1", "password2", "oldpassword", "code", "credential")


def nothing_named(request: HttpRequest) -> str:
    return ""


def among_all(view: View) -> Callable[..., HttpResponse]:
    """Runs and renders the view as staff."""

    @never_cache
    @sensitive_post_parameters(*SECRETS)
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenancy.staff():
            return rendered(request, view(request, *args, **kwargs))

    return wrapped


def entrance(
    view: View, *, knows_devices: bool = False, tries: Tries = nothing_named
) -> Callable[..., HttpResponse]:
    """For pages of nobody: what they send is counted, and runs as staff. Too many are led to a page that says
    how long to wait.

    `tries`: of what, which account or which passkey (`devices.count_try`).

    `knows_devices`: what others do at this address does not count against a browser that is known to the
    account which the form names. Only for a form that tries this very account: elsewhere one's own name and
    cookie would buy more tries at somebody else's.
    """
    inner = among_all(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST":
                devices.count_try(request, tries(request), knows_devices=knows_devices)
            return inner(request, *args, **kwargs)
        except LimitError as error:
            return too_many(request, error)

    return wrapped


def too_many(request: HttpRequest, error: LimitError) -> HttpResponse:
    """How long to wait, the way back to the form, and the way to a new password."""
    wait = error.retry_after or 60
    following = request.POST.get("next") or request.GET.get("next", "")
    context = {
        "seconds": wait,
        "minutes": -(-wait // 60),
        "back": f"{request.path}?{urlencode({'next': following})}" if following else request.path,
    }
    response = render(request, "account/too_many.html", context, status=error.status)
    response["Retry-After"] = str(wait)
    return response


def account_in_form(request: HttpRequest) -> str:
    return request.POST.get("email", "")


def account_in_session(request: HttpRequest) -> str:
    """Who has given the password, and is asked for the second factor."""
    held = request.session.get(LOGIN_SESSION_KEY)
    return str(held.get("user_pk") or "") if isinstance(held, dict) else ""


def passkey_in_form(request: HttpRequest) -> str:
    try:
        return str(json.loads(request.POST.get("credential", ""))["id"])[:LONGEST_ID]
    except (ValueError, TypeError, KeyError):
        return ""
    except RecursionError as error:
        raise MalformedError("This is no passkey.") from error


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
