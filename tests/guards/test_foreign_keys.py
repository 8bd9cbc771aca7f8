"""Foreign keys ignore row-level security, so those between tenants' tables carry the organisation."""

import pytest
from django.db import connection

from tests.guards import catalogue

pytestmark = pytest.mark.django_db

KEYS = """
    SELECT conrelid::regclass::text, confrelid::regclass::text,
        ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)
              ORDER BY attname)
    FROM pg_constraint WHERE contype = 'f'
"""

SHARED_SERVER = "a server may be shared, which a composite key cannot say; "
PLAIN = {
    ("site_configurations", "ai_moderation_servers"): SHARED_SERVER + "a trigger checks it",
    ("configuration_history", "ai_moderation_servers"): SHARED_SERVER
    + "copied from the site that a trigger checks",
    ("caption_requests", "ai_moderation_servers"): SHARED_SERVER
    + "copied from the site that a trigger checks",
}


def keys() -> list[tuple[str, str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        return [(source, target, columns) for source, target, columns in cursor.fetchall()]


def test_every_key_between_tenants_tables_carries_the_organization() -> None:
    owned = {table.name for table in catalogue.tables().values() if table.has_organization}
    plain = {
        (source, target)
        for source, target, columns in keys()
        if source in owned and target in owned and "organization_id" not in columns
    }

    assert plain == PLAIN.keys()


def test_the_trigger_that_stands_for_a_key_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'site_configurations'::regclass"
            " AND tgname LIKE '%%server_is_ours_or_shared%%' AND tgenabled = 'O'"
        )
        assert cursor.fetchone() == (1,)


def test_no_key_points_to_a_table_that_is_partitioned() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT partrelid::regclass::text FROM pg_partitioned_table")
        partitioned = {row[0] for row in cursor.fetchall()}

    assert partitioned
    assert [key for key in keys() if key[1] in partitioned] == []
