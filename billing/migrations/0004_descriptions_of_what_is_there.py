"""Tiers that still say what MuseNest once said of them say it without what nobody has built yet."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from billing.domain.catalogues import LIVE
from musenest.common import tenancy

BEFORE = {
    "basic": "For a small site that goes live: webhooks and ten times the pictures.",
    "premium": "For several sites: own thresholds and keywords, resilient deployment, analytics.",
    "enterprise": "Sites and pictures without limit, batches, failover, priority support.",
}


def say_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A new version of each tier whose description nobody has changed."""
    tiers, versions = apps.get_model("billing", "Tier"), apps.get_model("billing", "TierVersion")
    now = {entry.tier_name: entry.description for entry in LIVE}
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        for name, before in BEFORE.items():
            for tier in tiers.objects.filter(tier_name=name, description=before):
                tier.description, tier.version = now[name], tier.version + 1
                tier.save(update_fields=["description", "version"])
                newest = versions.objects.filter(tier=tier).latest("number")
                figures = newest.figures | {"description": tier.description}
                versions.objects.create(
                    tier=tier, number=tier.version, figures=figures, created_by="MuseNest"
                )


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_usage_mode")]

    operations = [migrations.RunPython(say_again, migrations.RunPython.noop)]
