"""An organisation's pictures a second, whichever face they come by."""

from django.http import HttpRequest

from musenest.common import entitlements
from musenest.common.callers import Caller
from musenest.common.rates.classes import ANALYZE
from musenest.common.rates.requests import answer_with, take

PICTURES_PER_SECOND = "pictures_per_second"
UNLIMITED = -1


def require_pictures(request: HttpRequest, caller: Caller) -> None:
    """Count one picture under the rate of the caller's organisation, as its tier says now; nothing where the
    tier says no limit. Raises as `require`. In the organisation's scope.
    """
    amount = entitlements.figure(caller.organization, PICTURES_PER_SECOND, ANALYZE.amount)
    if amount != UNLIMITED:
        held = (ANALYZE.with_amount(amount), f"{caller.organization.pk}:{caller.mode}")
        answer_with(request, take(held))
