"""What policies and composite keys refuse, and what they cost."""

import os

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection

from accounts.models import Membership, Organization, WebhookDelivery, WebhookEndpoint
from musenest.common import tenancy
from tests import samples
from tests.musenest.common.tenancy.conftest import seen


def test_writing_for_another_organization_is_refused(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk), pytest.raises(DatabaseError, match="row-level security"):
        WebhookEndpoint.objects.create(organization=two[1], url="https://evil.test/", secret="x")


def test_changing_another_organizations_row_touches_nothing(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk):
        assert WebhookEndpoint.objects.filter(organization=two[1]).update(url="https://evil.test/") == 0
        assert WebhookEndpoint.objects.filter(organization=two[1]).delete()[0] == 0
    with tenancy.staff():
        assert "https://second.test/" in seen()


def test_moving_a_row_to_another_organization_is_refused(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk), pytest.raises(DatabaseError, match="row-level security"):
        WebhookEndpoint.objects.update(organization=two[1])


def test_a_composite_key_refuses_another_organizations_row(two: tuple[Organization, Organization]) -> None:
    """A plain foreign key would not: it is checked without row-level security."""
    with tenancy.staff():
        foreign = WebhookEndpoint.objects.get(organization=two[1])
    with tenancy.organization(two[0].pk), pytest.raises(IntegrityError, match="within_its_organization"):
        WebhookDelivery.objects.create(organization=two[0], endpoint=foreign, event="x", payload={})


def test_the_owner_touches_no_row_and_as_staff_touches_all(two: tuple[Organization, Organization]) -> None:
    """Why data migrations run as staff: FORCE holds the owner too, and its UPDATE says OK."""
    change = "UPDATE webhook_endpoints SET url = url || '?'"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        assert owner.execute(change).rowcount == 0
        owner.execute("SET ROLE musenest_staff")
        assert owner.execute(change).rowcount == 2


def test_the_application_has_staffs_rights_only_by_asking(committed_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(session_user, 'musenest_staff', 'USAGE'),"
            " pg_has_role(session_user, 'musenest_staff', 'MEMBER')"
        )
        assert cursor.fetchone() == (False, True)


def test_a_person_sees_own_memberships_and_changes_none(
    two: tuple[Organization, Organization],
) -> None:
    who = samples.person()
    samples.membership(two[0], who=who)
    samples.membership(two[1], who=who)
    samples.membership(two[1])

    with tenancy.person(who.pk):
        assert Membership.objects.count() == 2
        assert Membership.objects.update(role="owner") == 0


ROWS = 100_000


def test_a_tenants_query_reads_an_index(
    two: tuple[Organization, Organization],
) -> None:
    """One policy that said "the scope's or staff's" would make each of these a sequential scan."""
    fill = """
        INSERT INTO api_keys
            (id, name, mode, scopes, digest, last_four, created_by, created_at, organization_id)
        SELECT gen_random_uuid(), 'k', 'live', '{}', md5(i::text), 'abcd', '', now(), %s
        FROM generate_series(1, %s) i
    """
    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute(fill, [two[1].pk, ROWS])
        cursor.execute(fill.replace("md5(", "'x' || md5("), [two[0].pk, 20])
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE api_keys")

    with tenancy.organization(two[0].pk), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM api_keys")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Scan" in plan
    assert "Seq Scan" not in plan
