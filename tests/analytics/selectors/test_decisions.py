"""Decisions by day and kind, from the rollups."""

import pytest

from analytics.selectors import decisions
from analytics.selectors.decisions import DecidedDay
from analytics.selectors.usage import first_day, today
from tests import samples

pytestmark = pytest.mark.django_db


def test_every_day_is_there_today_last() -> None:
    acme, borealis = samples.customer(), samples.customer("Borealis")
    site = samples.site(acme)
    for kind in ("approved", "rejected", "rejected"):
        samples.decision(acme, site, kind)

    with acme.scope():
        found = decisions.by_day(decisions.of_organization(acme.organization.pk))
    with borealis.scope():
        strangers = decisions.by_day(decisions.of_organization(acme.organization.pk))

    assert (len(found), found[0], found[-1]) == (
        30,
        DecidedDay(first_day()),
        DecidedDay(today(), approved=1, rejected=2),
    )
    assert found[-1].total == 3
    assert sum(day.total for day in strangers) == 0
