"""How often one may try to sign in by the API."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.services import devices
from musenest.common import addresses, rates
from musenest.common.api.requests import underlying


class TriesThrottle(BaseThrottle):
    """Five a minute for each address and what is tried there (`view.what_is_tried()`), so that an office
    behind one address does not lock itself out; and all that an address tries. What it reads counts apart.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            what = view.what_is_tried()
        except Exception:
            count(request, "")  # a body that cannot be read is a try too
            raise
        count(request, what)
        return True


def count(request: Request, what: str) -> None:
    asked = underlying(request)
    of_this = (rates.AUTH, devices.subject_of_tries(asked, what))
    rates.answer_with(asked, rates.take((rates.TRIES, addresses.subject_of(asked)), of_this))
