"""What the frame around every portal page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from musenest.common import impersonation


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The caller (set by `organization_page`), whose eyes staff look with, the nonce of
    inline scripts, the page's language.
    """
    return {
        "caller": getattr(request, "caller", None),
        "impersonation": impersonation.of(request),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
