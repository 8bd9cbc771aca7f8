"""Step-up: who was not asked for a password or second factor lately is asked again, before money and secrets.

    @organization_page("api_keys:write")
    @step_up.required
    def create(request): ...

In the API a viewset names its actions in `stepped_up`: a person's credential must be of a recent sign-in.

Pages that only look need none. A form that was open too long leads back to its page after the question, and
is sent once more by the person: what it held is kept nowhere meanwhile.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from musenest.common.errors import DeniedError

P = ParamSpec("P")
Request = TypeVar("Request", bound=HttpRequest)
View = Callable[Concatenate[Request, P], HttpResponse]


def required(view: View[Request, P]) -> View[Request, P]:
    """Lets the request of somebody signed in through while the last proof of who they are is fresh."""

    @wraps(view)
    def wrapped(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated or is_fresh(request):
            return view(request, *args, **kwargs)
        return ask(request)

    return cast("View[Request, P]", wrapped)


def is_fresh(request: Any) -> bool:
    """Whether this session's person signed in, or proved themselves again, within STEP_UP_MINUTES."""
    return is_recent(proved_at(request))


def proved_at(request: Any) -> float:
    """When this session's person last proved who they are, in seconds of the epoch."""
    records = get_authentication_records(request, request.user)
    return float(max((record["at"] for record in records), default=0.0))


def is_recent(proved_at: float) -> bool:
    return bool(time.time() - proved_at < settings.STEP_UP_MINUTES * 60)


def require(proved_at: float) -> None:
    """For the API, which has no page to ask on: raise DeniedError `STEP_UP_REQUIRED` for an old proof."""
    if not is_recent(proved_at):
        minutes = settings.STEP_UP_MINUTES
        raise DeniedError(
            "This needs a sign-in of the last %(minutes)s minutes. Sign in again and repeat it.",
            code="STEP_UP_REQUIRED",
            figures={"minutes": minutes},
            details={"seconds": minutes * 60},
        )


def ask(request: HttpRequest, *, page: str = "") -> HttpResponse:
    """To the question, and from there back to the page that was open (or `page`, an address of ours)."""
    address = f"{reverse('step-up')}?{urlencode({'next': page or page_of(request)})}"
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or, of a form that was sent, the one that held it."""
    if request.method == "GET" and not getattr(request, "htmx", None):
        return request.get_full_path()
    held = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    is_ours = held.netloc == request.get_host() and held.path.startswith("/")
    return (f"{held.path}?{held.query}" if held.query else held.path) if is_ours else "/"
