"""What every portal view stands on: the decorator that finds the organisation or answers 404, and the error
page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from musenest.common import callers, impersonation, tenancy
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError, MuseNestError

P = ParamSpec("P")
LOOKING = ("GET", "HEAD", "OPTIONS")


class PortalRequest(HttpRequest):
    """A request of a signed-in member: who calls, and for which organisation."""

    caller: Caller
    htmx: HtmxDetails
    csp_nonce: str

    @property
    def organization(self) -> Any:
        return self.caller.organization


def organization_page(
    permission: str, *, only_looks: bool = False
) -> Callable[[Callable[Concatenate[PortalRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """For views under `/o/<slug>/`: signed in, a member (404 otherwise), with `permission`, in the
    organisation's scope.

    The view takes the request (with `request.caller`) and what the URL carries beside the slug. One that
    `only_looks` changes nothing, whatever the method: staff who see the pages as a member does may ask it.
    """

    def decorate(view: Callable[Concatenate[PortalRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def wrapped(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request.caller = caller_of(request, slug, only_looks=only_looks)
            if not request.caller.may(permission):
                raise DeniedError("Your role does not allow this. Ask an owner or admin of the organisation.")
            with tenancy.organization(request.caller.organization.pk, person=request.user.pk):
                return view(request, *args, **kwargs)

        return wrapped

    return decorate


def caller_of(request: HttpRequest, slug: str, *, only_looks: bool = False) -> Caller:
    """The member; for a staff person who sees the organisation as a member does, that member's eyes. Raises
    NotFoundError for a stranger, DeniedError where one who only looks would act.
    """
    looking = impersonation.of(request)
    if looking is None or looking.slug != slug:
        return callers.in_organization(request.user, slug)
    if not only_looks and request.method not in LOOKING:
        raise DeniedError(
            "You see this as %(member)s does, and change nothing. End it first.",
            code="IMPERSONATION_READ_ONLY",
            figures={"member": looking.member},
        )
    return callers.as_member(request.user, looking.membership)


def error_page(request: HttpRequest, error: MuseNestError) -> HttpResponse:
    """What happened and what to do; a toast where htmx asked."""
    is_fragment = bool(getattr(request, "htmx", None))
    template = "components/_toast.html" if is_fragment else "error.html"
    response = render(request, template, {"error": error}, status=error.status)
    if is_fragment:
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    return response
