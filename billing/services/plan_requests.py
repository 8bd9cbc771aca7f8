"""Asking staff for another plan, until a payment exists."""

from django.db import transaction

from accounts.models import Organization, Person
from accounts.services import audit, notifications
from billing.selectors import plan_requests, tiers
from billing.selectors.plan_requests import PlanRequest
from musenest.common import rates, tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, LimitError, NotFoundError


def ask(*, organization: Organization, tier_name: str, message: str, by: Actor) -> PlanRequest:
    """Record the wish where staff and the organisation see it, and write to every member of staff.

    Raises NotFoundError for a tier that is not offered, ConflictError while the same wish is still open,
    LimitError `PLANS_LIMIT` for the sixth in an hour.
    """
    tier = tiers.live().filter(tier_name=tier_name).first()
    if tier is None:
        raise NotFoundError("There is no such plan.", code="TIER_UNKNOWN")
    with transaction.atomic():
        # One at a time: two clicks are one wish.
        Organization.objects.select_for_update(of=["self"]).get(pk=organization.pk)
        found = plan_requests.open_of(organization)
        if found and found.tier_name == tier_name:
            raise ConflictError("This was asked for already. You hear from us by e-mail.", code="PLAN_ASKED")
        refuse_many(organization)
        said = {"tier": tier.tier_name, "display_name": tier.display_name, "message": message}
        event = audit.record(
            plan_requests.ACTION, by=by, target=organization, organization=organization.pk, changes=said
        )
        tell_staff(said | {"organization": organization.name, "slug": organization.slug, "by": by.label})
    return plan_requests.of_event(event)


def refuse_many(organization: Organization) -> None:
    """Every wish is a letter to each of staff."""
    verdict = rates.take((rates.LETTERS, f"plan_requested:{organization.pk}"))
    if verdict is not None and not verdict.is_admitted:
        raise LimitError(
            "Plans were asked for several times within the last hour. Try again later.",
            code="PLANS_LIMIT",
            retry_after=verdict.retry_after,
        )


def tell_staff(said: dict[str, str]) -> None:
    with tenancy.staff():
        for person in Person.objects.filter(is_staff=True, is_active=True):
            notifications.send(template="plan_requested", person=person, context=said)
