"""Has API keys say who made them; until now only a name did."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from musenest.common import tenancy


def copy(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    keys, people = apps.get_model("accounts", "ApiKey"), apps.get_model("accounts", "Person")
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        named = people.objects.filter(email=models.OuterRef("created_by"))
        keys.objects.filter(maker=None).update(maker=models.Subquery(named.values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_verified_addresses")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="maker",
            field=models.UUIDField(
                editable=False, help_text="the person who made or last rotated it", null=True
            ),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
