"""The connection applies the scope before a query whenever the server may have another one.

Three settings are made for the session (not `SET LOCAL`, which does nothing in autocommit). A setting that
was made inside a transaction returns to its old value when that transaction or savepoint rolls back, so after
every rollback what the server holds counts as unknown and is told again.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from musenest.common.tenancy import scope

TELL = (
    "SELECT set_config('role', %s, false), set_config('musenest.organization', %s, false),"
    " set_config('musenest.person', %s, false)"
)


# What each server session was last told; kept by session, because a pool moves sessions between wrappers.
told: WeakKeyDictionary[Any, scope.Scope] = WeakKeyDictionary()


def tell(session: Any) -> None:
    wanted = scope.current()
    with session.cursor() as cursor:
        cursor.execute(TELL, wanted.settings)
    told[session] = wanted


def try_by_telling(session: Any) -> None:
    """The pool's check: raises where the session is broken, and tells it what comes first anyway."""
    session.autocommit = True  # whoever had it may have left it otherwise
    tell(session)


class WarmPool(ConnectionPool[Any]):
    """Hands out the session that was used last: its plans are made and its caches are warm. By turns, as
    psycopg's own does, ten sessions of which one would do are all kept cold: 2 ms of a picture.
    """

    def _get_ready_connection(self, timeout: float | None) -> Any:
        self._pool.rotate(1)
        return super()._get_ready_connection(timeout)


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._tell_before)

    def _tell_before(self, execute: Callable[..., Any], *query: Any) -> Any:
        self._tell_scope()
        return execute(*query)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Tells the scope here too, for what passes by the wrappers of `execute`: COPY and procedures."""
        self._tell_scope()
        return super().make_cursor(cursor)

    def make_debug_cursor(self, cursor: Any) -> Any:
        self._tell_scope()
        return super().make_debug_cursor(cursor)

    def _tell_scope(self) -> None:
        session = self.connection
        wanted = scope.current()
        # In a broken transaction nothing but a rollback is accepted, and that needs no scope.
        if told.get(session) == wanted or session.info.transaction_status == TransactionStatus.INERROR:
            return
        # A session that broke must be seen to be broken by Django too, or it would never be replaced.
        with self.wrap_database_errors:
            tell(session)

    def has_moved_to(self, wanted: scope.Scope) -> None:
        """A statement has itself moved the session into this scope."""
        told[self.connection] = wanted

    @property
    def pool(self) -> Any:
        """Django's own, but for its class and its check."""
        options = self.settings_dict["OPTIONS"].get("pool")
        pools: dict[str, Any] = self._connection_pools  # type: ignore[attr-defined]  # stubs lack it
        if options and self.alias not in pools:
            connect = self.get_connection_params() | {"autocommit": True}
            configure = self._configure_connection  # type: ignore[attr-defined]  # stubs lack it
            pools.setdefault(
                self.alias,
                WarmPool(kwargs=connect, open=False, configure=configure, check=try_by_telling, **options),
            )
        return super().pool

    def _forget_scope(self) -> None:
        if self.connection is not None:
            told.pop(self.connection, None)

    def _rollback(self) -> None:
        self._forget_scope()
        super()._rollback()  # type: ignore[misc]  # django-stubs leaves it out

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # django-stubs leaves it out
        self._forget_scope()

    def _close(self) -> None:
        self._forget_scope()
        super()._close()  # type: ignore[misc]  # django-stubs leaves it out
