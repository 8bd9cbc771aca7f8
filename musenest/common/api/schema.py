"""OpenAPI: every answer in its envelope, the errors that every endpoint can give, the headers that every POST
takes.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 255 visible ASCII characters. The first answer is kept for 24 hours and given again.",
)
ERROR = {
    "type": "object",
    "required": ["success", "error", "timestamp"],
    "properties": {
        "success": {"const": False},
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "object", "additionalProperties": True},
            },
        },
        "timestamp": {"type": "string", "format": "date-time"},
    },
}


class EnvelopeSchema(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        is_idempotent = self.method == "POST" and getattr(self.view, "is_idempotent", False)
        return [IDEMPOTENCY_KEY] if is_idempotent else []

    def _get_response_for_code(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response: dict[str, Any] = super()._get_response_for_code(*args, **kwargs)  # type: ignore[no-untyped-call]  # untyped
        for media in response.get("content", {}).values():
            media["schema"] = {
                "type": "object",
                "required": ["success", "data", "message", "timestamp"],
                "properties": {
                    "success": {"const": True},
                    "data": media.get("schema", {}),
                    "message": {"type": "string"},
                    "timestamp": {"type": "string", "format": "date-time"},
                },
            }
        return response

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(*args, **kwargs)
        error = {"description": "Why not, and what to do", "content": {"application/json": {"schema": ERROR}}}
        return bodies | {"default": error}
