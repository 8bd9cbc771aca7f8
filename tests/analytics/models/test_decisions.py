"""Triggers keep the rollups of decisions."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from analytics.models import DailyDecisions, DailyDecisionsTotal
from analytics.selectors import rollups
from moderation.models import Decision
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db


def counted(rows: type[DailyDecisions | DailyDecisionsTotal]) -> dict[str, int]:
    summed = rows.objects.values_list("decision").annotate(sum=Sum("pictures")).order_by("decision")
    return dict(summed)


def test_decisions_are_counted_as_they_were_made_without_tests_and_escalated_ones() -> None:
    acme = samples.customer()
    site = samples.site(acme)
    for kind in ("rejected", "approved", "rejected"):
        samples.decision(acme, site, kind)
    samples.decision(acme, site, "rejected", mode="test")
    samples.decision(acme, site, "rejected", is_escalated=True)

    with acme.scope():
        assert counted(DailyDecisions) == {"approved": 1, "rejected": 2}
        assert counted(DailyDecisionsTotal) == {}
    with tenancy.staff():
        assert counted(DailyDecisionsTotal) == {"approved": 1, "rejected": 2}
        assert list(rollups.differences()) == []


def test_a_decision_counts_on_its_utc_day() -> None:
    acme = samples.customer()
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    site = samples.site(acme)
    samples.decision(acme, site, created_at=midnight - timedelta(microseconds=1))
    samples.decision(acme, site, created_at=midnight)

    with acme.scope():
        days = DailyDecisions.objects.order_by("day").values_list("day", "pictures")
        assert list(days) == [((midnight - timedelta(days=1)).date(), 1), (midnight.date(), 1)]


def test_a_stranger_sees_none() -> None:
    acme, borealis = samples.customer(), samples.customer("Borealis")
    samples.decision(acme, samples.site(acme))

    with borealis.scope():
        assert Decision.objects.count() == DailyDecisions.objects.count() == 0
