"""What PostgreSQL itself says about our tables."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection

OURS = ("accounts", "analytics", "billing", "common", "moderation")


@dataclass(frozen=True)
class Table:
    name: str
    is_partition: bool
    is_forced: bool
    has_organization: bool
    policies: dict[str, tuple[str, str, str]]  # name -> (role, command, condition)


TABLES = """
    SELECT c.relname, c.relispartition, c.relrowsecurity AND c.relforcerowsecurity,
        EXISTS (SELECT 1 FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped),
        ARRAY(SELECT ARRAY[p.polname::text, array_to_string(p.polroles::regrole[], '+'), p.polcmd::text,
                           pg_get_expr(p.polqual, p.polrelid)]
              FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname
"""


def tables() -> dict[str, Table]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {
            name: Table(
                name, is_partition, is_forced, has_organization, {row[0]: tuple(row[1:]) for row in rows}
            )
            for name, is_partition, is_forced, has_organization, rows in cursor.fetchall()
        }


def our_tables() -> set[str]:
    """Of our models, and of the tables between them."""
    models = [
        model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return {model._meta.db_table for model in models}


def privileges(role: str, table: str) -> set[str]:
    """What the role may do with the table, of what matters here."""
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(%s, %s, p)",
            [list(asked), role, table],
        )
        return {row[0] for row in cursor.fetchall()}
