"""How long a site's decisions are kept, and the right to remove what is older."""

import django.core.validators
from django.db import migrations, models

from moderation.migrations._retention import KEPT_SINCE, MAY_REMOVE, UNDO


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_site_removals")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="retention_months",
            field=models.PositiveSmallIntegerField(
                db_default=13,
                default=13,
                help_text="how long its decisions are kept",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(36),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(("retention_months__range", (1, 36))),
                name="site_retention_months_are_1_to_36",
            ),
        ),
        migrations.RunSQL(KEPT_SINCE + MAY_REMOVE, UNDO),
    ]
