"""Loads the industry templates, because a site stands on one."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from moderation.domain.templates import INDUSTRY_TEMPLATES
from musenest.common import tenancy


def load(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    templates = apps.get_model("moderation", "Template")
    versions = apps.get_model("moderation", "TemplateVersion")
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        for entry in INDUSTRY_TEMPLATES:
            template = templates.objects.create(
                name=entry.name,
                display_name=entry.display_name,
                description=entry.description,
                needs_attestation=entry.needs_attestation,
                needs_blip=entry.needs_blip,
            )
            versions.objects.create(
                template=template,
                number=1,
                documents=dict(entry.documents),
                rationale=dict(entry.rationale),
                created_by="MuseNest",
            )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
