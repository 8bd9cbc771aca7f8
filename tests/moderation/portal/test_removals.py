"""Keeping decisions for fewer months asks first, because what is removed is gone."""

from datetime import timedelta
from typing import Any

import pytest

from moderation.models import Site
from tests.moderation.services.ageing import midnight, old
from tests.samples import Customer, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(acme: Customer) -> Site:
    return site(acme)


def save(acme: Customer, family: Site, months: int, **said: str) -> Any:
    fields = {"config_version": "1", "site_name": "Another name", "retention_months": str(months), **said}
    return acme.client.post(acme.url(f"sites/{family}"), fields)


def kept(acme: Customer, family: Site) -> tuple[str, int]:
    with acme.scope():
        found = Site.objects.get(pk=family.pk)
    return found.site_name, found.retention_months


def test_nothing_is_saved_until_the_removal_is_wanted(acme: Customer, family: Site) -> None:
    for days in (1, 2):
        old(acme, family, midnight(2) - timedelta(days=days))
    before = kept(acme, family)

    asked = save(acme, family, 2)
    assert asked.status_code == 409
    assert "2 decisions of this site are older" in asked.content.decode()
    assert 'value="Another name"' in asked.content.decode()
    assert kept(acme, family) == before

    assert save(acme, family, 1, remove="2").status_code == 409  # said of two months, not of one
    assert save(acme, family, 2, remove="2").status_code == 302
    assert kept(acme, family) == ("Another name", 2)


def test_what_removes_nothing_is_not_asked(acme: Customer, family: Site) -> None:
    old(acme, family, midnight(2) + timedelta(hours=1))
    assert save(acme, family, 2).status_code == 302
    assert save(acme, family, 36, config_version="2").status_code == 302


def test_of_many_it_is_said_that_they_are_many(
    acme: Customer, family: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.portal.removals.COUNTED", 1)
    for days in (1, 2):
        old(acme, family, midnight(2) - timedelta(days=days))
    assert "More than 1 decisions" in save(acme, family, 2).content.decode()
