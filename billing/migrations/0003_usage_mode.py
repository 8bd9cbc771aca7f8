"""Marks uses of the test mode, and lets an organisation's uses be listed from the newest."""

from django.db import migrations, models

ADD = """
    ALTER TABLE ai_usage_tracking
        ADD COLUMN mode varchar(4) NOT NULL DEFAULT 'live'
        CONSTRAINT usage_mode_is_known CHECK (mode IN ('live', 'test'));
    CREATE INDEX usage_newest_of_organization ON ai_usage_tracking (organization_id, id);
"""
REMOVE = """
    DROP INDEX usage_newest_of_organization;
    ALTER TABLE ai_usage_tracking DROP COLUMN mode;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_live_catalogue")]

    operations = [
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField(
                    "usagerecord",
                    "mode",
                    models.CharField(
                        max_length=4, default="live", db_default="live", help_text="live or test"
                    ),
                )
            ],
        )
    ]
