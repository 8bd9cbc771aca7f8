"""Pages have a rate as the API has: by who is signed in, else by the address that asks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from musenest.common import addresses, rates
from musenest.common.errors import LimitError
from musenest.common.portal import error_page

GetResponse = Callable[[HttpRequest], HttpResponse]

# The API counts for itself; these two are asked by the operator's own machines, and touch nothing slow.
NO_PAGES = ("/api/", "/health", "/metrics")
DOCS = "/api/docs"  # a page


def limited(get_response: GetResponse) -> GetResponse:
    """Middleware: counts the request and answers 429, a page in words or a toast, where there were too many.
    Nobody is held up while Redis does not answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(NO_PAGES) and request.path != DOCS:
            return get_response(request)
        verdict = rates.take(held_by(request))
        if verdict is None:
            return get_response(request)
        request.rate_verdict = verdict  # type: ignore[attr-defined]  # `rates.answers.headers` looks there
        if verdict.is_admitted:
            return get_response(request)
        error = LimitError(
            "More than %(pages)s pages were asked for in a minute. Wait a moment, then go on.",
            code="RATE_LIMITED",
            figures={"pages": verdict.rate.amount},
            retry_after=verdict.retry_after,
        )
        return error_page(request, error)

    return middleware


def held_by(request: HttpRequest) -> tuple[rates.Rate, str]:
    """Of staff in the admin the rate that they have everywhere (REQUIREMENTS.md, 12)."""
    pages = rates.PAGES.with_amount(settings.PAGES_PER_MINUTE)
    if not request.user.is_authenticated:
        return pages, addresses.subject_of(request)
    is_admin = request.path.startswith("/admin/") and request.user.is_staff
    return rates.STAFF if is_admin else pages, f"person:{request.user.pk}"
