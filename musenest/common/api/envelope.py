"""The one shape of every answer (REQUIREMENTS.md, decision 2)."""

from http import HTTPStatus
from typing import Any

from django.utils import timezone
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer


def success(data: Any, message: str = "") -> dict[str, Any]:
    return {"success": True, "data": data, "message": message, "timestamp": timezone.now().isoformat()}


def failure(code: str, message: str, details: Any = None) -> dict[str, Any]:
    return {
        "success": False,
        "error": {"code": code, "message": message, "details": details or {}},
        "timestamp": timezone.now().isoformat(),
    }


def is_enveloped(data: Any) -> bool:
    return isinstance(data, dict) and "success" in data and "timestamp" in data


class EnvelopeRenderer(JSONRenderer):
    """JSON in the envelope; what is enveloped already (errors, replayed answers) stays as it is."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        status = renderer_context["response"].status_code if renderer_context else 200
        if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            return b""
        body = data if is_enveloped(data) else success(data)
        return super().render(body, accepted_media_type, renderer_context)


class OneLanguage(DefaultContentNegotiation):
    """What can be said in one way only is said so, whatever `Accept` asks for: nobody is helped by a 406."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        if len(renderers) == 1:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)
