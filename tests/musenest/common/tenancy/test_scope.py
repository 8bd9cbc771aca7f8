"""What PostgreSQL is told, when, and what it forgets. All commit for real, as the application's role."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.utils import OperationalError

from accounts.models import Membership, Organization, WebhookEndpoint
from musenest.common import tenancy
from tests.musenest.common.tenancy.conftest import seen


def told() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('musenest.organization'),"
            " current_setting('musenest.person')"
        )
        user, organization, person = cursor.fetchone()
    return user, organization, person


def test_no_scope_sees_nothing(two: tuple[Organization, Organization]) -> None:
    with tenancy.staff():
        assert len(seen()) == 2

    assert seen() == set()
    assert not Organization.objects.exists()
    assert not Membership.objects.exists()


def test_an_organization_sees_its_own_rows_only(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk):
        assert seen() == {"https://first.test/"}
        assert list(Organization.objects.all()) == [two[0]]


def test_staff_see_all_rows(two: tuple[Organization, Organization]) -> None:
    with tenancy.staff():
        assert seen() == {"https://first.test/", "https://second.test/"}


def test_scopes_nest_and_restore(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk):
        with tenancy.organization(two[1].pk):
            assert seen() == {"https://second.test/"}
            with tenancy.staff():
                assert len(seen()) == 2
            assert seen() == {"https://second.test/"}
        assert seen() == {"https://first.test/"}
    assert seen() == set()


def test_a_scope_ends_by_an_exception_too(two: tuple[Organization, Organization]) -> None:
    with pytest.raises(ValueError, match="stop"), tenancy.organization(two[0].pk):
        seen()
        raise ValueError("stop")

    assert seen() == set()
    assert tenancy.current() == tenancy.Scope()


def test_autocommit_keeps_the_scope_over_many_queries(two: tuple[Organization, Organization]) -> None:
    with tenancy.organization(two[0].pk, person=uuid4()) as scope:
        for _ in range(3):
            assert told() == ("musenest_app", str(scope.organization), str(scope.person))


def rolled_back() -> None:
    with pytest.raises(ValueError, match="back"), transaction.atomic():
        seen()
        raise ValueError("back")


def savepoint_rolled_back() -> None:
    with transaction.atomic():
        with pytest.raises(ValueError, match="back"), transaction.atomic():
            seen()
            raise ValueError("back")
        seen()


def failed_statement() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        seen()
        cursor.execute("SELECT 1 / 0")


def failed_commit() -> None:
    """A deferred constraint (the migrations' foreign keys are) speaks only when the transaction commits."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            organization_id=str(tenancy.current().organization), person_id=uuid4(), role="viewer"
        )


@pytest.mark.parametrize("break_it", [rolled_back, savepoint_rolled_back, failed_statement, failed_commit])
@pytest.mark.parametrize("outer", ["nobody", "other"])
def test_after_a_rollback_the_next_query_has_its_own_scope(
    two: tuple[Organization, Organization], break_it: Callable[[], None], outer: str
) -> None:
    """The setting made inside returns to the value before: the next query would be the other tenant's."""
    around = tenancy.organization(two[1].pk) if outer == "other" else nullcontext()
    with around:
        seen()
        with tenancy.organization(two[0].pk):
            break_it()
            assert seen() == {"https://first.test/"}
        assert seen() == ({"https://second.test/"} if outer == "other" else set())
    assert seen() == set()


def test_a_scope_that_begins_inside_a_transaction_does_not_outlive_its_rollback(
    two: tuple[Organization, Organization],
) -> None:
    with tenancy.organization(two[1].pk):
        with pytest.raises(ValueError, match="back"), transaction.atomic():
            seen()
            with tenancy.organization(two[0].pk):
                assert seen() == {"https://first.test/"}
            raise ValueError("back")
        assert seen() == {"https://second.test/"}


def test_a_scope_that_begins_inside_a_savepoint_does_not_count_as_told_after_its_rollback(
    two: tuple[Organization, Organization],
) -> None:
    """An error of PostgreSQL's leaves no statement but the rollback, so nothing is told before it."""
    with tenancy.organization(two[1].pk), transaction.atomic():
        seen()
        savepoint = transaction.savepoint()
        with pytest.raises(DatabaseError), tenancy.organization(two[0].pk):
            seen()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        transaction.savepoint_rollback(savepoint)
        with tenancy.organization(two[0].pk):
            assert seen() == {"https://first.test/"}


def test_copy_has_the_scope_of_its_moment(two: tuple[Organization, Organization]) -> None:
    """COPY passes by the wrappers of `execute`."""
    with tenancy.staff():
        seen()
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY (SELECT url FROM webhook_endpoints) TO STDOUT") as copy,
    ):
        assert list(copy.rows()) == []


def test_a_query_made_in_one_scope_and_run_in_another_sees_the_other(
    two: tuple[Organization, Organization],
) -> None:
    with tenancy.organization(two[0].pk):
        late = WebhookEndpoint.objects.values_list("url", flat=True)

    assert list(late) == []


def test_a_broken_session_is_replaced(two: tuple[Organization, Organization]) -> None:
    """Also where telling the scope is what met the broken session."""
    seen()
    with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    with pytest.raises(OperationalError), tenancy.organization(two[0].pk):
        seen()
    close_old_connections()

    with tenancy.organization(two[0].pk):
        assert seen() == {"https://first.test/"}


@pytest.fixture
def pool(two: tuple[Organization, Organization]) -> Iterator[None]:
    """One server session that requests hand on, as with DB_POOL_MAX."""
    connection.close()
    before = connection.settings_dict["OPTIONS"], connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["OPTIONS"] = {**before[0], "pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
    connection.settings_dict["CONN_MAX_AGE"] = 0
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it
    connection.settings_dict["OPTIONS"], connection.settings_dict["CONN_MAX_AGE"] = before


def test_a_session_of_the_pool_brings_no_scope_along(
    two: tuple[Organization, Organization], pool: None
) -> None:
    pids = set()
    for organization in (*two, *two):
        with tenancy.organization(organization.pk):
            assert len(seen()) == 1
            pids.add(connection.connection.info.backend_pid)
        connection.close()
        assert seen() == set()
        connection.close()
        with tenancy.staff():
            assert len(seen()) == 2
        connection.close()
    assert len(pids) == 1


def test_a_session_of_the_pool_that_was_given_back_inside_a_transaction(
    two: tuple[Organization, Organization], pool: None
) -> None:
    with tenancy.organization(two[0].pk):
        transaction.set_autocommit(False)
        seen()
        connection.close()

    with tenancy.organization(two[0].pk):
        assert seen() == {"https://first.test/"}
    assert seen() == set()


@pytest.mark.parametrize("size", [1, 3])
def test_sessions_of_the_pool_that_broke_are_replaced_unseen(
    two: tuple[Organization, Organization], pool: None, size: int
) -> None:
    """The pool asks their sockets: no request meets a session that PostgreSQL has ended."""
    filled(size)
    with tenancy.organization(two[0].pk):
        seen()
        broken = connection.connection.info.backend_pid
        connection.close()
        with psycopg.connect(os.environ["DATABASE_ADMIN_URL"], autocommit=True) as admin:
            ended = [connection.settings_dict["NAME"]]
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", ended
            )

        assert seen() == {"https://first.test/"}
        assert connection.connection.info.backend_pid != broken


def filled(size: int) -> None:
    connection.settings_dict["OPTIONS"]["pool"] |= {"min_size": size, "max_size": size}
    sessions = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it
    sessions.open(wait=True, timeout=30)


def test_the_pool_hands_out_the_session_that_was_used_last(
    two: tuple[Organization, Organization], pool: None
) -> None:
    filled(3)
    pids = set()
    for _ in range(4):
        connection.ensure_connection()
        pids.add(connection.connection.info.backend_pid)
        connection.close()
    assert len(pids) == 1
