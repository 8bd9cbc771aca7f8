"""Tiers that said what nobody has built say it no more, unless somebody put it in other words."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from billing.domain.catalogues import LIVE
from billing.models import Tier, TierVersion
from musenest.common import tenancy

pytestmark = pytest.mark.django_db

MIGRATION = import_module("billing.migrations.0004_descriptions_of_what_is_there")
OWN = "What we sell to our friends."


def test_only_our_own_old_words_are_replaced_by_a_new_version() -> None:
    with tenancy.staff():
        for name, before in MIGRATION.BEFORE.items():
            Tier.objects.filter(tier_name=name).update(description=before)
        Tier.objects.filter(tier_name="premium").update(description=OWN)
        versions = dict(Tier.objects.values_list("tier_name", "version"))
    with connection.schema_editor() as editor:
        MIGRATION.say_again(apps, editor)
    live = {entry.tier_name: entry.description for entry in LIVE}
    with tenancy.staff():
        found = {tier.tier_name: tier for tier in Tier.objects.all()}
        newest = TierVersion.objects.filter(tier=found["basic"]).latest("number")
    assert found["basic"].description == newest.figures["description"] == live["basic"]
    assert found["basic"].version == newest.number == versions["basic"] + 1
    assert (found["premium"].description, found["premium"].version) == (OWN, versions["premium"])
    assert found["free"].version == versions["free"]


def test_no_description_of_ours_names_what_is_coming() -> None:
    for before in MIGRATION.BEFORE.values():
        assert before not in [entry.description for entry in LIVE]
