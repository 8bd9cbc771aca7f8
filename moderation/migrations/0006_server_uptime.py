"""How long a server had been up when it was checked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_retention")]

    operations = [
        migrations.AddField(
            model_name="server",
            name="uptime_seconds",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="uptime, seconds"),
        ),
    ]
