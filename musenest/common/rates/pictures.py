"""An organisation's pictures a second, whichever face they come by."""

from django.http import HttpRequest

from musenest.common import entitlements
from musenest.common.callers import Caller
from musenest.common.rates.classes import ANALYZE, Rate
from musenest.common.rates.requests import answer_with, take

PICTURES_PER_SECOND = "pictures_per_second"
UNLIMITED = -1


def require_pictures(request: HttpRequest, caller: Caller) -> None:
    """Count one picture under the rate of the caller's organisation. Raises as `take` and `answer_with`. In
    the organisation's scope.
    """
    held = pictures_of(caller)
    if held:
        answer_with(request, take(*held))


def pictures_of(caller: Caller) -> list[tuple[Rate, str]]:
    """The rate and its subject, as the tier says now; none where it says no limit. Pictures of the test mode
    are counted apart: trying takes nothing from the live ones.
    """
    amount = entitlements.figure(caller.organization, PICTURES_PER_SECOND, ANALYZE.amount)
    subject = f"{caller.organization.pk}:{caller.mode}"
    return [] if amount == UNLIMITED else [(ANALYZE.with_amount(amount), subject)]
