"""Deletes addresses that a person asked for and another person signs in with: they kept the other from
verifying.
"""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from musenest.common import tenancy


def delete(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    addresses, people = apps.get_model("account", "EmailAddress"), apps.get_model("accounts", "Person")
    others = people.objects.filter(email=OuterRef("lower")).exclude(pk=OuterRef("user_id"))
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        addresses.objects.annotate(lower=Lower("email")).filter(Exists(others)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0003_sign_in"),
    ]

    operations = [migrations.RunPython(delete, migrations.RunPython.noop)]
