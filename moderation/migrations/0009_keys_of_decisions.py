"""Which API key sent the picture: it alone reads an escalated decision, sealed (ADR 16). Of what was decided before
this, nobody knows.
"""

from django.db import migrations, models

ADD = "ALTER TABLE moderation_decisions ADD COLUMN api_key_id uuid;"
REMOVE = "ALTER TABLE moderation_decisions DROP COLUMN api_key_id;"


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_events_of_removed_decisions")]

    operations = [
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField(
                    "decision",
                    "api_key_id",
                    models.UUIDField(
                        null=True, editable=False, help_text="that sent the picture; none of a person's"
                    ),
                )
            ],
        )
    ]
