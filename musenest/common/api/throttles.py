"""Which rates count a request of the API (REQUIREMENTS.md, decision 12)."""

from django.views import View
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from musenest.common import addresses, entitlements, rates, tenancy
from musenest.common.api.requests import underlying
from musenest.common.callers import Caller

PICTURES_PER_SECOND = "pictures_per_second"
UNLIMITED = -1

Held = tuple[rates.Rate, str]


class RateThrottle(BaseThrottle):
    """Counts the request under the rate that the view names (`rate`), by who asks.

    Raises LimitError and UnavailableError itself, so that they answer like every error of ours.
    """

    def allow_request(self, request: Request, view: View) -> bool:
        rate = getattr(view, "rate", rates.API)
        held = held_by(request, rate)
        if held:
            rates.answer_with(underlying(request), rates.take(*held))
        return True


def count_unauthenticated(request: Request) -> None:
    """A credential that is not good counts as no credential: guessing has its rate too."""
    held = (rates.ANONYMOUS, addresses.subject_of(underlying(request)))
    rates.answer_with(underlying(request), rates.take(held))


def held_by(request: Request, rate: rates.Rate) -> list[Held]:
    caller = request.auth
    if not isinstance(caller, Caller):
        address = addresses.subject_of(underlying(request))
        return [(rates.ANONYMOUS, address), *([(rate, address)] if rate is rates.AUTH else [])]
    if rate is rates.ANALYZE:
        return pictures_of(caller)
    own = rates.STAFF if caller.is_staff else rate
    return [(own, f"{caller.actor.kind}:{caller.actor.id}")]


def pictures_of(caller: Caller) -> list[Held]:
    """An organisation's pictures a second, as its tier says now; none where the tier says no limit. Those
    of the test mode are counted apart: trying takes nothing from the live ones.
    """
    if caller.organization is None:
        return []
    person = caller.person.pk if caller.person else None
    with tenancy.organization(caller.organization.pk, person=person):
        amount = entitlements.figure(caller.organization, PICTURES_PER_SECOND, rates.ANALYZE.amount)
    subject = f"{caller.organization.pk}:{caller.mode}"
    return [] if amount == UNLIMITED else [(rates.ANALYZE.with_amount(amount), subject)]
