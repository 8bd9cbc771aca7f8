"""Every table is isolated, or stands on a short list with its reason."""

import pytest
from django.db import connection

from tests.guards import catalogue

pytestmark = pytest.mark.django_db

OPEN = {
    "users_groups": "Django's, between people and groups: MuseNest makes no groups",
    "users_user_permissions": "Django's, between people and permissions: MuseNest gives none",
}
# Of Django and of libraries: without an organisation, written by their own code.
FOREIGN = ("auth_", "django_", "djstripe_")


def test_every_table_is_isolated_or_has_a_reason() -> None:
    found = catalogue.tables()
    bare = {
        table.name
        for table in found.values()
        if not table.is_partition and not table.is_forced and not table.name.startswith(FOREIGN)
    }

    assert bare == OPEN.keys()
    assert catalogue.our_tables() <= found.keys()


def test_no_table_of_a_library_holds_an_organizations_rows_openly() -> None:
    assert [
        table.name
        for table in catalogue.tables().values()
        if table.has_organization and not table.is_forced and not table.is_partition
    ] == []


def isolated() -> list[catalogue.Table]:
    return [table for table in catalogue.tables().values() if table.is_forced]


def test_every_isolated_table_has_both_policies() -> None:
    assert len(isolated()) >= 25
    for table in isolated():
        assert table.policies["staff"] == ("musenest_staff", "*", "true"), table.name
        assert table.policies["tenant"][:2] == ("musenest_app", "*"), table.name
        assert table.policies.keys() <= {"staff", "tenant", "tenant_sees", "only_expired"}, table.name


def test_what_staff_may_remove_of_decisions_is_restricted() -> None:
    """`only_expired` narrows what `staff` permits: what it says is tried in the tests of retention."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT polrelid::regclass::text, polroles::regrole[]::text, polcmd::text, polpermissive"
            " FROM pg_policy WHERE polname = 'only_expired' ORDER BY 1"
        )
        assert cursor.fetchall() == [
            ("moderation_decision_events", "{musenest_staff}", "d", False),
            ("moderation_decisions", "{musenest_staff}", "d", False),
        ]


def test_what_the_application_changes_is_never_everything() -> None:
    for table in isolated():
        condition = table.policies["tenant"][2]
        assert condition == "false" or "current_setting('musenest." in condition, table.name


# Readable in every scope: the catalogues.
PUBLIC = {
    "industry_template_versions",
    "industry_templates",
    "subscription_tier_versions",
    "subscription_tiers",
}


def test_what_everybody_reads_is_a_catalogue_only() -> None:
    readable = {
        table.name for table in isolated() if table.policies.get("tenant_sees", ("", "", ""))[2] == "true"
    }

    assert readable == PUBLIC


def test_tables_with_an_organization_are_isolated_by_it() -> None:
    for table in isolated():
        if table.has_organization:
            assert "organization_id =" in table.policies["tenant"][2], table.name


def test_partitions_are_reached_through_their_parents_only() -> None:
    partitions = [table for table in catalogue.tables().values() if table.is_partition]

    assert partitions
    for table in partitions:
        for role in ("musenest_app", "musenest_staff"):
            assert catalogue.privileges(role, table.name) == set(), (table.name, role)


def test_the_application_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [("musenest_owner",)]
