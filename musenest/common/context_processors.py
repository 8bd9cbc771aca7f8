"""What the frame around every portal page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from musenest.common import impersonation


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The caller (set by `organization_page`), whose eyes staff look with, the nonce of
    inline scripts, the page's language, where the operator's terms and privacy notice are.
    """
    return {
        "caller": getattr(request, "caller", None),
        "impersonation": impersonation.of(request),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "terms_url": settings.TERMS_URL,
        "privacy_url": settings.PRIVACY_URL,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
