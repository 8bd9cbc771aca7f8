"""Staff who see an organisation as a member does: who may, and what the audit trail says."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Membership
from accounts.services import impersonations
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import DeniedError, InvalidError
from musenest.common.impersonation import LASTS
from musenest.common.work.schedules import plans
from tests import samples

pytestmark = pytest.mark.django_db

REASON = "Ticket 12: the quota looks wrong"


@pytest.fixture
def staff() -> Actor:
    return samples.person(is_staff=True).actor


@pytest.fixture
def membership() -> Membership:
    return samples.membership(samples.organization())


def trail() -> list[tuple[str, str]]:
    with tenancy.staff():
        events = AuditEvent.objects.filter(action__startswith="impersonation").order_by("pk")
        return [(event.action, event.changes.get("reason") or event.changes["why"]) for event in events]


def test_both_ends_are_in_the_organizations_trail(staff: Actor, membership: Membership) -> None:
    begun = impersonations.begin(membership=membership, reason=REASON, by=staff)
    impersonations.end(begun=begun, why="ended", by=staff)

    assert trail() == [("impersonation.begun", REASON), ("impersonation.ended", "ended")]
    with tenancy.organization(membership.organization_id):
        assert AuditEvent.objects.filter(action__startswith="impersonation").count() == 2
    assert timezone.now() < begun.until <= timezone.now() + LASTS


def test_the_end_is_told_though_the_member_is_gone(staff: Actor, membership: Membership) -> None:
    begun = impersonations.begin(membership=membership, reason=REASON, by=staff)
    with tenancy.staff():
        membership.delete()

    impersonations.end(begun=begun, why="ended", by=staff)

    assert len(trail()) == 2


def test_beginning_another_ends_the_first(staff: Actor, membership: Membership) -> None:
    first = impersonations.begin(membership=membership, reason=REASON, by=staff)
    other = samples.membership(samples.organization("Borealis"))

    with pytest.raises(InvalidError):  # what cannot begin ends nothing
        impersonations.begin(membership=other, reason="x", by=staff, instead_of=first)
    impersonations.begin(membership=other, reason=REASON, by=staff, instead_of=first)

    begun = ("impersonation.begun", REASON)
    assert trail() == [begun, ("impersonation.ended", "another begun"), begun]
    with tenancy.organization(membership.organization_id):
        assert AuditEvent.objects.filter(action="impersonation.ended").count() == 1


def test_only_staff_may(membership: Membership) -> None:
    with pytest.raises(DeniedError):
        impersonations.begin(membership=membership, reason=REASON, by=samples.person().actor)
    assert trail() == []


def test_staff_and_disabled_people_are_not_seen_through(staff: Actor) -> None:
    acme = samples.organization()
    for person in (samples.person(is_staff=True), samples.person(is_active=False)):
        with pytest.raises(DeniedError):
            impersonations.begin(membership=samples.membership(acme, who=person), reason=REASON, by=staff)


@pytest.mark.parametrize("reason", ["", "   support   ", "x"])
def test_a_reason_says_something(staff: Actor, membership: Membership, reason: str) -> None:
    with pytest.raises(InvalidError):
        impersonations.begin(membership=membership, reason=reason, by=staff)


def test_one_whose_browser_never_came_back_ends_with_its_hour(
    staff: Actor, membership: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = impersonations.begin(membership=membership, reason=REASON, by=staff)
    assert end_overdue() == 0
    later = timezone.now() + LASTS + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert (end_overdue(), end_overdue()) == (1, 0)

    assert ends_of(membership) == [("system", {"why": "time", "staff": staff.label})]
    impersonations.end(begun=begun, why="time", by=staff)  # the browser does come back
    assert len(ends_of(membership)) == 1


def test_one_that_was_ended_is_not_ended_again(
    staff: Actor, membership: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = impersonations.begin(membership=membership, reason=REASON, by=staff)
    impersonations.begin(membership=membership, reason=REASON, by=staff)
    impersonations.end(begun=first, why="ended", by=staff)
    later = timezone.now() + LASTS + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert end_overdue() == 1, "the other one, of the same person in the same organisation"
    assert len(ends_of(membership)) == 2


def test_it_is_looked_for_every_minute() -> None:
    assert plans["impersonations.end"].every == timedelta(minutes=1)


def end_overdue() -> int:
    with tenancy.staff():
        return impersonations.end_overdue()


def ends_of(membership: Membership) -> list[tuple[str, dict[str, str]]]:
    """Who, and why, in the organisation's own trail."""
    with tenancy.organization(membership.organization_id):
        events = AuditEvent.objects.filter(action="impersonation.ended").order_by("pk")
        return [
            (event.actor_kind, {name: event.changes.get(name) for name in ("why", "staff")})
            for event in events
        ]
