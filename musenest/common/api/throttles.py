"""Which rates count a request of the API (REQUIREMENTS.md, decision 12)."""

from django.views import View
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from musenest.common import addresses, rates, tenancy
from musenest.common.api.requests import underlying
from musenest.common.callers import Caller

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
    own = rates.STAFF if caller.is_staff and rate is not rates.AUTH else rate
    held = [(own, f"{caller.actor.kind}:{caller.actor.id}")]
    if caller.organization is not None and not caller.is_staff:
        held.append((rates.ORGANIZATION, str(caller.organization.pk)))
    return held


def pictures_of(caller: Caller) -> list[Held]:
    """Before the view has entered the caller's scope."""
    if caller.organization is None:
        return []
    person = caller.person.pk if caller.person else None
    with tenancy.organization(caller.organization.pk, person=person):
        return rates.pictures_of(caller)
