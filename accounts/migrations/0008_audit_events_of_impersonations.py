from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_predecessors_of_tokens")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("action__in", ["impersonation.begun", "impersonation.ended"])),
                fields=["action", "created_at"],
                name="audit_event_of_impersonation",
            ),
        ),
    ]
