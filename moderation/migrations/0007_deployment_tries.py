"""How often a deployment is tried, and how long it waits between."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0006_server_uptime")]

    operations = [
        migrations.AddField(
            model_name="deployment",
            name="max_retries",
            field=models.PositiveSmallIntegerField(
                db_default=3,
                default=3,
                help_text="tries in all",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(10),
                ],
            ),
        ),
        migrations.AddField(
            model_name="deployment",
            name="retry_delay_base_ms",
            field=models.PositiveIntegerField(
                db_default=1000,
                default=1000,
                help_text="the wait after the first try; each one after it is twice as long",
                validators=[
                    django.core.validators.MinValueValidator(100),
                    django.core.validators.MaxValueValidator(60000),
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="deployment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_retries__range", (1, 10)), ("retry_delay_base_ms__range", (100, 60000))
                ),
                name="deployment_tries_are_bounded",
            ),
        ),
    ]
