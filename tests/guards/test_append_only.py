"""Tables whose rows are written once: by rights, and where the table is not partitioned by triggers too."""

import pytest
from django.apps import apps
from django.db import connection

from tests.guards import catalogue

pytestmark = pytest.mark.django_db

WRITTEN_ONCE = {
    "ai_usage_tracking",
    "attestations",
    "audit_events",
    "audit_seals",
    "configuration_versions",
    "industry_template_versions",
    "moderation_decision_events",
    "moderation_decisions",
    "subscription_tier_versions",
}
# What is expired is removed (ADR 17): staff may, and a policy says what. No other table's rows ever leave.
EXPIRING = {"moderation_decision_events", "moderation_decisions"}
# Triggers of a model that Django does not make would need a migration of their own: rights hold these.
WITHOUT_TRIGGERS = {"ai_usage_tracking", "moderation_decision_events", "moderation_decisions"}


def with_trigger(name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgenabled = 'O' AND starts_with(tgname, %s)",
            [f"pgtrigger_{name}_"],
        )
        return {row[0] for row in cursor.fetchall()}


def test_the_list_names_every_model_that_says_so() -> None:
    says_so = {
        model._meta.db_table
        for model in apps.get_models()
        if any(trigger.name == "rows_stay" for trigger in getattr(model._meta, "triggers", []))
    }

    assert says_so == WRITTEN_ONCE - WITHOUT_TRIGGERS


@pytest.mark.parametrize("table", sorted(WRITTEN_ONCE))
@pytest.mark.parametrize("role", ["musenest_app", "musenest_staff"])
def test_nobody_but_the_owner_may_change_or_remove_rows(table: str, role: str) -> None:
    removing = {"DELETE"} if role == "musenest_staff" and table in EXPIRING else set()
    assert catalogue.privileges(role, table) == {"SELECT", "INSERT"} | removing


@pytest.mark.parametrize("trigger", ["rows_stay", "table_stays"])
def test_triggers_stop_the_owner(trigger: str) -> None:
    assert with_trigger(trigger) == WRITTEN_ONCE - WITHOUT_TRIGGERS


def test_nobody_may_truncate_anything() -> None:
    for table in catalogue.tables():
        for role in ("musenest_app", "musenest_staff"):
            assert "TRUNCATE" not in catalogue.privileges(role, table), table
