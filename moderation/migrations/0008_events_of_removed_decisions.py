"""Finds an event's decision by its key alone: with the organisation beside it, PostgreSQL took the index of all
the organisation's decisions, for every event.
"""

from django.db import migrations

CHANGE = """
    ALTER POLICY only_expired ON moderation_decision_events USING (
        NOT EXISTS (
            SELECT 1 FROM moderation_decisions AS decision
            WHERE {organization} decision.id = moderation_decision_events.decision_id
        )
    );
"""
BEFORE = "decision.organization_id = moderation_decision_events.organization_id AND"


class Migration(migrations.Migration):
    dependencies = [("moderation", "0007_deployment_tries")]

    operations = [migrations.RunSQL(CHANGE.format(organization=""), CHANGE.format(organization=BEFORE))]
