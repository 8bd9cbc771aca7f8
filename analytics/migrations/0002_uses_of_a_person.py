"""Finds one person's uses (programs' have none)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_rollups")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX usage_by_person ON ai_usage_tracking (user_id, billing_period) WHERE user_id IS NOT NULL",
            "DROP INDEX usage_by_person",
        )
    ]
