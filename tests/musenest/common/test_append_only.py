"""Tables whose rows are written once, against everybody but the owner."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent, AuditSeal
from accounts.services import audit
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests import samples

pytestmark = pytest.mark.django_db

STATEMENTS = [
    "UPDATE {} SET organization_id = NULL",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "TRUNCATE {} CASCADE",
    "DROP TABLE {}",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
    "UPDATE {} SET id = id",
]


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", ["audit_events", "audit_seals"])
@pytest.mark.parametrize("who", ["application", "staff"])
def test_rows_stay(statement: str, table: str, who: str) -> None:
    organization = samples.organization()
    with tenancy.staff():
        audit.record("organization.created", by=SYSTEM, target=organization, organization=organization.pk)
        audit.seal_new()
    scope = tenancy.staff() if who == "staff" else tenancy.organization(organization.pk)

    with scope, connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement.format(table))
        assert (AuditEvent.objects.count(), AuditSeal.objects.count()) == (1, 1)


def test_the_owner_is_stopped_by_the_triggers_until_they_are_dropped() -> None:
    """The rights above are taken from the application; this is what holds whoever has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger WHERE tgenabled = 'O' AND NOT "
            "tgisinternal"
            " AND tgrelid IN ('audit_events'::regclass, 'audit_seals'::regclass)"
            " AND (tgname LIKE '%%rows_stay%%' OR tgname LIKE '%%table_stays%%') GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == {"audit_events": 2, "audit_seals": 2}
