"""Keeping decisions for fewer months asks first, because what is removed is gone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Role
from moderation.models import Site
from tests.moderation.services.ageing import midnight, old
from tests.samples import Customer, member, signed_in, site

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


def test_overwriting_with_fewer_months_is_asked_once(acme: Customer, family: Site) -> None:
    old(acme, family, midnight(2) - timedelta(days=1))
    assert save(acme, family, 13, site_name="Theirs").status_code == 302

    stale = save(acme, family, 2, remove="2")
    assert (stale.status_code, seen(stale)) == (409, "1")
    theirs = str(stale.context["conflict"].version)
    asked = save(acme, family, 2, overwrite=theirs)
    assert "This removes decisions for good" in asked.text
    assert save(acme, family, 2, remove="2", config_version=seen(asked)).status_code == 302
    assert kept(acme, family) == ("Another name", 2)


def seen(page: Any) -> str:
    """The version that the page's form posts."""
    found = re.search('name="config_version" value="([^"]*)"', page.text)
    assert found is not None
    return found[1]


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


def test_who_signed_in_long_ago_is_asked_to_prove_it(acme: Customer, family: Site) -> None:
    acme.client = signed_in(acme.owner, seconds_ago=16 * 60)
    asked = save(acme, family, 2, remove="2")
    assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("step-up"))
    assert kept(acme, family)[1] == 13
    assert save(acme, family, 14).url == acme.url(f"sites/{family}")
    assert kept(acme, family)[1] == 14


def test_a_member_finds_the_field_locked_and_may_not_say_it_otherwise(acme: Customer, family: Site) -> None:
    page = acme.url(f"sites/{family}")
    assert "An owner or admin changes this." not in acme.client.get(page).text

    acme.client = member(acme, Role.MEMBER)
    text = acme.client.get(page).text
    field = text[text.index('id="field-retention_months"') :].split(">")[0]
    assert "disabled" in field
    assert "An owner or admin changes this." in text
    assert save(acme, family, 2, remove="2").status_code == 403
    assert kept(acme, family)[1] == 13
