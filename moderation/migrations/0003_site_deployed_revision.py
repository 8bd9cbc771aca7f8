"""Which deployment brought the version that decides: an answer by an older one is held."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from musenest.common import tenancy

# What is deployed already came by the newest deployment that succeeded.
FILL = """
    UPDATE site_configurations AS sites SET deployed_revision = newest.revision
    FROM (
        SELECT site_config_id, max(revision) AS revision FROM configuration_history
        WHERE deployment_status = 'successful' GROUP BY site_config_id
    ) AS newest
    WHERE newest.site_config_id = sites.id AND sites.deployed_version_id IS NOT NULL
"""


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with tenancy.staff(), schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_industry_templates")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="deployed_revision",
            field=models.PositiveIntegerField(
                editable=False, help_text="revision of the deployment that brought that version", null=True
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
