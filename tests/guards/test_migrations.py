"""Migrations: each can be taken back, and those that write rows see rows."""

import inspect

import pytest
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from billing.models import Tier, TierVersion
from moderation.models import Template, TemplateVersion
from musenest.common import tenancy
from tests.guards.catalogue import OURS

# What migrations that make rows must have left. Under forced row-level security the owner's statements touch
# no row and say OK, so a migration that forgot `tenancy.staff()` would pass and do nothing.
WRITES: dict[tuple[str, str], dict[type[Model], int]] = {
    ("billing", "0002_live_catalogue"): {Tier: 5, TierVersion: 5},
    ("moderation", "0002_industry_templates"): {Template: 6, TemplateVersion: 6},
}
# What changes rows that were there before: on a new database none.
CHANGES = {
    ("accounts", "0004_addresses_of_others"),
    ("accounts", "0005_verified_addresses"),
    ("accounts", "0006_makers_of_keys"),
    ("accounts", "0009_addresses_of_the_first_people"),
    ("analytics", "0001_rollups"),
    ("billing", "0004_descriptions_of_what_is_there"),
    ("moderation", "0003_site_deployed_revision"),
}


def ours() -> list[tuple[tuple[str, str], migrations.Migration]]:
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    return [(key, found) for key, found in sorted(loader.disk_migrations.items()) if key[0] in OURS]


@pytest.mark.django_db
def test_every_migration_can_be_taken_back() -> None:
    found = ours()

    assert len(found) >= 5
    for key, migration in found:
        for operation in migration.operations:
            assert operation.reversible, (key, operation)


@pytest.mark.django_db
def test_every_migration_that_writes_rows_is_listed_and_writes_as_staff() -> None:
    writing = {
        key: [operation for operation in migration.operations if isinstance(operation, migrations.RunPython)]
        for key, migration in ours()
    }

    assert {key for key, operations in writing.items() if operations} == WRITES.keys() | CHANGES
    for key, operations in writing.items():
        for operation in operations:
            assert "tenancy.staff()" in inspect.getsource(operation.code), key


@pytest.mark.django_db
@pytest.mark.parametrize("key", WRITES, ids="/".join)
def test_what_a_migration_wrote_is_there(key: tuple[str, str]) -> None:
    with tenancy.staff():
        for model, least in WRITES[key].items():
            assert model._default_manager.count() >= least, model
