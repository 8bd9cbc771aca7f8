"""What the frame around every portal page needs."""

from typing import Any

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The caller (set by `organization_page`), the nonce of inline scripts."""
    return {"caller": getattr(request, "caller", None), "csp_nonce": getattr(request, "csp_nonce", "")}
