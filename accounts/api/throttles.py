"""How often one may try to sign in by the API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.services import devices
from musenest.common.api.requests import underlying


class TriesThrottle(BaseThrottle):
    """Counts a try of `view.what_is_tried()` (`devices.count_try`)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            what = view.what_is_tried()
        except Exception:
            devices.count_try(underlying(request), "")  # a body that cannot be read is a try too
            raise
        devices.count_try(underlying(request), what)
        return True
