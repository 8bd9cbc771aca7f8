"""Which other sites' pages may call the API from a browser (CORS): those of CORS_ORIGINS, by default none.

They send a token or a key of their own. Cookies are never let through, so no page acts as somebody who
happens to be signed in here.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

METHODS = "GET, POST, PUT, PATCH, DELETE"
SENT = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-API-Key, X-Organization, "
    "X-Request-ID"
)
READ = (
    "ETag, Idempotent-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, "
    "X-Request-ID"
)
SECONDS_KEPT = "7200"


def cross_origin(get_response: GetResponse) -> GetResponse:
    """Answers a browser's question before a call, and says on the call itself who may read the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        origin = request.META.get("HTTP_ORIGIN", "")
        if not origin or not request.path.startswith("/api/"):
            return get_response(request)
        is_allowed = origin in settings.CORS_ORIGINS
        is_question = request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        response = HttpResponse(status=HTTPStatus.NO_CONTENT) if is_question else get_response(request)
        patch_vary_headers(response, ["Origin"])
        if is_allowed:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = READ
        if is_allowed and is_question:
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = SENT
            response["Access-Control-Max-Age"] = SECONDS_KEPT
        return response

    return middleware
