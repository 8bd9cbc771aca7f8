"""Decisions leave when their site keeps them no longer; what has to stay does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from accounts.services import audit
from billing.models import UsageRecord
from billing.services import usage
from moderation.models import CaptionRequest, Decision, DecisionEvent, Site
from moderation.services import captions, retention, sites
from musenest.common import tenancy, work
from musenest.common.work import schedules
from tests import samples
from tests.moderation.services.ageing import left, midnight, old, run, told
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def keep(of: Customer, about: Site, months: int) -> None:
    with of.scope():
        sites.update(site=about, fields={"retention_months": months}, by=of.owner.actor)


@pytest.mark.parametrize("months", [1, 13, 36])
def test_a_decision_is_kept_for_its_months_and_to_the_day(acme: Customer, family: Site, months: int) -> None:
    if months != 13:
        keep(acme, family, months)
    first_kept = midnight(months)
    old(acme, family, first_kept - timedelta(microseconds=1))
    old(acme, family, first_kept - timedelta(days=1))
    kept = {old(acme, family, first_kept), old(acme, family, first_kept + timedelta(days=1))}

    assert run() == 2
    assert left() == kept
    assert told() == [(acme.organization.pk, {"decisions": 2, "events": 0})]
    assert (run(), len(told())) == (0, 1)


def test_what_came_later_leaves_with_it(acme: Customer, family: Site) -> None:
    local = samples.server()
    gone, kept = old(acme, family, midnight(14)), old(acme, family, midnight(12))
    with acme.scope():
        for decision in Decision.objects.all():
            samples.hidden_event(decision)
            samples.caption_request(decision, local)

    run()

    with tenancy.staff():
        assert [event.decision_id for event in DecisionEvent.objects.all()] == [kept] != [gone]
        assert [asked.decision_id for asked in CaptionRequest.objects.all()] == [kept]
    assert told()[0][1] == {"decisions": 1, "events": 1}


def test_what_a_child_may_be_in_stays(acme: Customer, family: Site) -> None:
    at_once = old(acme, family, midnight(40), is_escalated=True, is_preserve=True)
    preserved, later = old(acme, family, midnight(39), is_preserve=True), old(acme, family, midnight(38))
    with acme.scope():
        samples.hidden_event(Decision.objects.get(pk=later), decision="rejected", is_escalated=True)
        samples.hidden_event(Decision.objects.get(pk=later))

    assert run() == 0
    assert left() == {at_once, preserved, later}
    assert DecisionEvent.objects.count() == 0  # nobody's scope
    with tenancy.staff():
        assert DecisionEvent.objects.count() == 2
    assert told() == []


def test_each_site_has_its_own_time_and_a_deleted_one_too(acme: Customer, family: Site) -> None:
    art, market = samples.site(acme, "acme-art"), samples.site(acme, "acme-market")
    keep(acme, art, 36)
    keep(acme, market, 2)
    with acme.scope():
        sites.delete(site=market, by=acme.owner.actor)
    kept = {old(acme, family, midnight(3)), old(acme, art, midnight(30))}
    old(acme, family, midnight(14))
    old(acme, market, midnight(3))

    run()

    assert left() == kept
    assert told() == [(acme.organization.pk, {"decisions": 2, "events": 0})]


def test_other_organizations_lose_nothing(acme: Customer, borealis: Customer, family: Site) -> None:
    theirs = samples.site(borealis, "borealis")
    keep(acme, family, 1)
    old(acme, family, midnight(5))
    kept = old(borealis, theirs, midnight(5))

    run()

    assert left() == {kept}
    assert [organization for organization, _ in told()] == [acme.organization.pk]


def test_the_schedule_does_it_once_in_ten_minutes(acme: Customer, family: Site) -> None:
    old(acme, family, midnight(14))
    schedules.run_schedule("decisions.expire")
    assert left() == set()

    kept = old(acme, family, midnight(14))
    schedules.run_schedule("decisions.expire")
    assert left() == {kept}, "the same ten minutes"


def test_usage_and_audit_stay(acme: Customer, family: Site) -> None:
    with acme.scope():
        usage.record(organization=acme.organization, usage_type="analyze", site=family.pk)
    old(acme, family, midnight(20))
    with tenancy.staff():
        before = UsageRecord.objects.count(), AuditEvent.objects.count()

    run()

    with tenancy.staff():
        assert (UsageRecord.objects.count(), AuditEvent.objects.count()) == (before[0], before[1] + 1)


def test_one_run_takes_so_many_and_the_next_goes_on(
    acme: Customer, family: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    newest = [old(acme, family, midnight(14) - timedelta(days=days)) for days in range(5)]
    market = samples.site(acme, "acme-market")
    old(acme, market, midnight(20))

    assert [run(), run(), run(), run()] == [2, 2, 2, 0]
    assert left().isdisjoint(newest)
    assert [changes["decisions"] for _, changes in told()] == [2, 2, 2]


def test_a_run_that_is_lost_in_the_middle_is_taken_up(
    acme: Customer, borealis: Customer, family: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = samples.site(borealis, "borealis")
    first, second = sorted([(acme, family), (borealis, theirs)], key=lambda pair: pair[0].organization.pk)
    old(*first, midnight(14))
    old(*second, midnight(14))
    real = audit.record

    def lost(action: str, **fields: Any) -> AuditEvent:
        if fields["organization"] == second[0].organization.pk:
            raise SystemExit
        return real(action, **fields)

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", lost)
        with pytest.raises(SystemExit):
            run()
    assert (len(left()), len(told())) == (1, 1), "the second one's went back with its transaction"

    assert run() == 1
    assert (left(), len(told())) == (set(), 2)


def test_postgresql_removes_nothing_else_whatever_staff_ask_for(acme: Customer, family: Site) -> None:
    old(acme, family, midnight(14))
    kept = {
        old(acme, family, midnight(13)),
        old(acme, family, midnight(20), is_escalated=True),
        old(acme, family, midnight(20), is_preserve=True),
    }
    with acme.scope():
        decision = Decision.objects.filter(pk__in=kept).first()
        assert decision is not None
        samples.hidden_event(decision)

    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM moderation_decision_events")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM moderation_decisions")
        assert cursor.rowcount == 1
    assert left() == kept


def test_a_caption_that_escalates_meanwhile_keeps_its_decision(acme: Customer, family: Site) -> None:
    """What was chosen is looked at again when it is removed."""
    pk = old(acme, family, midnight(14))
    with acme.scope():
        samples.hidden_event(Decision.objects.get(pk=pk), decision="rejected", is_escalated=True)

    with tenancy.staff(), transaction.atomic():
        assert retention.remove(acme.organization, [pk]) == (0, 0)
    assert left() == {pk}


def test_a_caption_that_comes_after_the_end_writes_nothing(acme: Customer, family: Site) -> None:
    pk = old(acme, family, midnight(14))
    with acme.scope():
        item = samples.caption_request(Decision.objects.get(pk=pk), samples.server())
    run()

    with acme.scope(), pytest.raises(work.LeaseLostError), work.finishing(item):
        captions.give_up(item, "too late")
    with tenancy.staff():
        assert not DecisionEvent.objects.exists()


@pytest.mark.parametrize("months", [0, 37, None])
def test_postgresql_takes_no_other_number_of_months(acme: Customer, family: Site, months: Any) -> None:
    with acme.scope(), pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.filter(pk=family.pk).update(retention_months=months)
