"""One line in the log and one measurement for each request, and its id in every line that it causes."""

import os
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from musenest.common.callers import Caller

logger = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SERVER_ERROR = 500
SECONDS = Histogram(
    "musenest_request_seconds",
    "How long requests took.",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observed(get_response: GetResponse) -> GetResponse:
    """Stands behind the middleware that gives the request its id, and around everything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request.META["HTTP_X_REQUEST_ID"]):
            response = get_response(request)
            seconds = time.perf_counter() - began
            measure(request, response, seconds)
            say(request, response, seconds)
        return response

    return middleware


def measure(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Under the view's name and never under an address: strangers could make as many series as they like."""
    match = request.resolver_match
    view = (match.view_name if match else "") or "unnamed"
    method = request.method if request.method in METHODS else "other"
    SECONDS.labels(view, method, str(response.status_code)).observe(seconds)


def page() -> bytes:
    """What was measured: by this process, or by all that write into one folder (deploy/compose.yaml). The
    folder is empty when the first one starts.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library's own
    return generate_latest(together)


def say(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    tell = logger.error if response.status_code >= SERVER_ERROR else logger.info
    tell(
        "request_finished",
        request=f"{request.method} {request.get_full_path()}",
        code=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        actor=actor_of(request),
    )


def actor_of(request: HttpRequest) -> str:
    """`person:<id>` or `api_key:<id>`, where the request was found to be somebody's. Asks nobody."""
    caller = getattr(request, "auth", None)
    if isinstance(caller, Caller):
        return f"{caller.actor.kind}:{caller.actor.id}"
    person = getattr(request, "_cached_user", None)
    return f"person:{person.pk}" if person is not None and person.pk else ""
