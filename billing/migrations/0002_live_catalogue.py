"""Loads the live catalogue, because a new organisation needs the free tier."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from billing.domain.catalogues import LIVE
from musenest.common import tenancy


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tiers, versions = apps.get_model("billing", "Tier"), apps.get_model("billing", "TierVersion")
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        for entry in LIVE:
            figures = entry.figures()
            tier = tiers.objects.create(tier_name=entry.tier_name, version=1, **figures)
            versions.objects.create(tier=tier, number=1, figures=figures, created_by="MuseNest")


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
