from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_makers_of_keys")]

    operations = [
        migrations.AddField(
            model_name="refreshfamily",
            name="predecessor",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="the same of the token before it",
                max_length=64,
            ),
        ),
    ]
