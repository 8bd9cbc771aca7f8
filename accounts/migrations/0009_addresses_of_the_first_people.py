"""Gives people from before there was registration the address that whoever made them vouched for."""

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from musenest.common import tenancy


def copy(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Who registered has a row of allauth's, proven or not; who has none was made by staff."""
    addresses, people = apps.get_model("account", "EmailAddress"), apps.get_model("accounts", "Person")
    with tenancy.staff():  # under forced row-level security the owner's statements touch nothing
        known = addresses.objects.filter(user_id=models.OuterRef("pk"))
        taken = addresses.objects.filter(email=models.OuterRef("email"), verified=True)
        first = people.objects.filter(~models.Exists(known), ~models.Exists(taken))
        found = list(first.values_list("pk", "email"))
        addresses.objects.bulk_create(
            addresses(user_id=pk, email=email, verified=True, primary=True) for pk, email in found
        )
        people.objects.filter(pk__in=[pk for pk, _ in found]).update(verified_email=models.F("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0008_audit_events_of_impersonations"),
    ]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
