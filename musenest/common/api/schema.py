"""OpenAPI: every answer in its envelope, the errors that every endpoint can give, the headers that every POST
takes.

    @extend_schema(summary="…", responses={200: SiteSerializer, **failures({409: "`STALE`: …"})})
"""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 visible ASCII characters. The first answer is kept for 24 hours and given again.",
)
ORGANIZATION = OpenApiParameter(
    "X-Organization",
    str,
    OpenApiParameter.HEADER,
    description="The slug of one of your organisations; without it the first one joined counts.",
)
FIELDS = OpenApiParameter(
    "fields", str, description="Answer with these fields only: names, with commas between."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the answer that you have: 304 while it is still the same.",
)
COMMON = {
    401: "`NOT_SIGNED_IN`, `INVALID_TOKEN`: there is no credential, or it is no longer good.",
    403: "`DENIED`: your role or key lacks the permission that `details.permission` names.",
    404: "`NOT_FOUND`: it does not exist, or it is not yours.",
}

NOT_MODIFIED = {"description": "It is as you have it: `If-None-Match` names its `ETag`."}
TOO_MANY = "`RATE_LIMITED`: too many requests. `Retry-After` says when one more fits."
# In the components, and named by every answer.
HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Limit": {"description": "Requests in a span of time.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "How many are left of them.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {
        "description": "Seconds until the oldest one is forgotten.",
        "schema": {"type": "integer"},
    },
    "X-Request-ID": {"description": "Name it when you ask us.", "schema": {"type": "string"}},
}


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="stable: for programs")
    message = serializers.CharField(help_text="a sentence: for people")
    details = serializers.DictField(help_text="`errors`: [{path, code, message}] where fields are wrong")


class ErrorSerializer(serializers.Serializer[Any]):
    """Every answer that is no success."""

    success = serializers.BooleanField(default=False)
    error = ErrorDetailSerializer()
    timestamp = serializers.DateTimeField()


def failures(reasons: Mapping[int, str]) -> dict[int, OpenApiResponse]:
    """Documented errors by status, for `extend_schema(responses=…)`."""
    return {
        status: OpenApiResponse(ErrorSerializer, description=reason) for status, reason in reasons.items()
    }


def protected(reasons: Mapping[int, str] | None = None) -> dict[int, OpenApiResponse]:
    """The errors of every endpoint that needs a permission, and these."""
    return failures(COMMON | dict(reasons or {}))


def add_headers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001 -- drf-spectacular's signature
    """A postprocessing hook of drf-spectacular: the headers that the answers name."""
    result["components"]["headers"] = HEADERS
    return result


def is_error(status: str) -> bool:
    return status[:1] not in {"1", "2", "3"}


class EnvelopeSchema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        is_public = not self.view.get_authenticators()
        is_idempotent = self.method == "POST" and getattr(self.view, "is_idempotent", False)
        return [
            *([] if is_public else [ORGANIZATION]),
            *([IDEMPOTENCY_KEY] if is_idempotent else []),
            *([IF_NONE_MATCH] if self.method == "GET" else []),
        ]

    def _get_response_for_code(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(*args, **kwargs)  # type: ignore[no-untyped-call]  # untyped
        status = str(args[1])
        for media in response.get("content", {}).values():
            media["schema"] = media["schema"] if is_error(status) else enveloped(media.get("schema", {}))
        if not is_error(status):
            named = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
            response["headers"] = response.get("headers", {}) | named
        return response

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(*args, **kwargs)
        other = OpenApiResponse(ErrorSerializer, description="Why not, and what to do.")
        too_many = OpenApiResponse(ErrorSerializer, description=TOO_MANY)
        return {
            "429": self._get_response_for_code(too_many, "429"),
            **bodies,
            **({"304": NOT_MODIFIED} if self.method == "GET" else {}),
            "default": self._get_response_for_code(other, "default"),
        }


def enveloped(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["success", "data", "message", "timestamp"],
        "properties": {
            "success": {"const": True},
            "data": schema,
            "message": {"type": "string"},
            "timestamp": {"type": "string", "format": "date-time"},
        },
    }
