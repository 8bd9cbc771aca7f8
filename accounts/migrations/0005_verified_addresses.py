"""Has people say which address of theirs is proven; until now only allauth's rows did."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from musenest.common import tenancy


def copy(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    addresses, people = apps.get_model("account", "EmailAddress"), apps.get_model("accounts", "Person")
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        proven = addresses.objects.filter(user_id=models.OuterRef("pk"), verified=True, primary=True)
        people.objects.filter(models.Exists(proven)).update(
            verified_email=models.Subquery(proven.values("email")[:1])
        )


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0004_addresses_of_others"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="verified_email",
            field=models.EmailField(blank=True, db_default="", default="", editable=False, max_length=255),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]
