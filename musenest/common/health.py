"""Is everything there? `/health` for load balancers, `/api/health` and `/status` for people, `/metrics` for
Prometheus.
"""

import hmac
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from musenest.common import gauges, observing, tenancy
from musenest.common.api.envelope import failure, success
from musenest.common.work import Schedule

logger = structlog.get_logger(__name__)

# name -> (check, whether we are unhealthy without it); apps add theirs in their AppConfig
checks: dict[str, tuple[Callable[[], Any], bool]] = {}


def register_check(name: str, check: Callable[[], Any], *, is_vital: bool = False) -> None:
    """Add a dependency. `check` raises when it is missing and returns words about it otherwise."""
    checks[name] = (check, is_vital)


class NotConfiguredError(Exception):
    """Raised by a check of what nobody has set up: nothing is wrong, and nothing is there."""


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def redis() -> str:
    cache.set("health", "1", timeout=5)
    return "answers"


def work() -> dict[str, dict[str, int]]:
    """Open and parked rows by kind."""
    with tenancy.staff():
        return gauges.counts()


def schedules() -> dict[str, str]:
    """When each schedule last ran, and what went wrong."""
    with tenancy.staff():
        return {row.name: row.last_error or row.claimed_at.isoformat() for row in Schedule.objects.all()}


register_check("database", database, is_vital=True)
register_check("redis", redis)


def stripe() -> str:
    if not settings.STRIPE_SECRET_KEY:
        raise NotConfiguredError
    return "configured"


register_check("stripe", stripe)


Found = dict[str, dict[str, Any]]

# Anybody may ask, uncounted, as often as they like: this process looks for itself once in so many seconds.
HOLDS_FOR = 5
latest: tuple[float, tuple[bool, Found]] | None = None
one_at_a_time = threading.Lock()


def examine() -> tuple[bool, Found]:
    """Whether all vital dependencies answer, and what is known of each, as of up to HOLDS_FOR seconds ago.
    Who asks meanwhile waits for what is being found.
    """
    global latest  # noqa: PLW0603 -- what this process knows, and one_at_a_time guards it
    with one_at_a_time:
        if latest is None or time.monotonic() - latest[0] >= HOLDS_FOR:
            found = look()
            latest = (time.monotonic(), found)
        return latest[1]


def look() -> tuple[bool, Found]:
    """Asks every dependency. What is found has never an exception's words: they may hold addresses."""
    found: Found = {}
    is_healthy = True
    for name, (check, is_vital) in checks.items():
        started = time.monotonic()
        try:
            found[name] = {"status": "healthy", "about": check()}
        except NotConfiguredError:
            found[name] = {"status": "not configured"}
        except Exception:
            logger.exception("dependency_missing", dependency=name)
            found[name] = {"status": "unhealthy"}
            is_healthy = is_healthy and not is_vital
        found[name]["milliseconds"] = round((time.monotonic() - started) * 1000, 1)
    return is_healthy, found


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process answers. Touches nothing else."""
    return JsonResponse({"status": "healthy"})


@require_safe
def api_health(request: HttpRequest) -> JsonResponse:
    """Every dependency in one word each (N-18)."""
    is_healthy, found = examine()
    services = {name: entry["status"] for name, entry in found.items()}
    data = {
        "status": "healthy" if is_healthy else "unhealthy",
        "timestamp": timezone.now(),
        "services": services,
    }
    if is_healthy:
        return JsonResponse(success(data))
    return JsonResponse(failure("UNHEALTHY", "A dependency does not answer.", data), status=503)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Every dependency with its time; for staff also what it says (its version), queues and schedules. A page
    for browsers, JSON for programs.
    """
    is_healthy, found = examine()
    data: dict[str, Any] = {"status": "healthy" if is_healthy else "unhealthy", "services": found}
    if is_healthy and getattr(request, "user", None) and request.user.is_staff:
        data |= {"work": work(), "schedules": schedules()}
    else:
        data["services"] = {name: without_words(entry) for name, entry in found.items()}
    code = 200 if is_healthy else 503
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        answer: HttpResponse = render(request, "public/status.html", data, status=code)
    else:
        answer = JsonResponse(data, status=code)
    patch_vary_headers(answer, ["Accept"])
    return answer


def without_words(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "about"}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' page, for who has METRICS_TOKEN; without a token it is for loopback only."""
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    is_local = request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
    if hmac.compare_digest(sent.encode(), token.encode()) if token else is_local:
        return HttpResponse(observing.page() + gauges.page(), content_type=CONTENT_TYPE_LATEST)
    return JsonResponse(failure("DENIED", "Metrics need METRICS_TOKEN."), status=403)
