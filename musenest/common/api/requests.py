"""What DRF wraps."""

from typing import Any

from rest_framework.request import Request


def underlying(request: Request) -> Any:
    """Django's own request, which middleware and allauth see."""
    return request._request  # noqa: SLF001 -- DRF offers no other way to it
