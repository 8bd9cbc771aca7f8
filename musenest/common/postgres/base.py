"""The connection applies the scope before a query whenever the server may have another one.

Three settings are made for the session (not `SET LOCAL`, which does nothing in autocommit). A setting that
was made inside a transaction returns to its old value when that transaction or savepoint rolls back, so after
every rollback what the server holds counts as unknown and is told again.
"""

import select
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg import OperationalError
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from musenest.common.tenancy import scope

TELL = (
    "SELECT set_config('role', %s, false), set_config('musenest.organization', %s, false),"
    " set_config('musenest.person', %s, false)"
)


# What each server session was last told; kept by session, because a pool moves sessions between wrappers.
told: WeakKeyDictionary[Any, scope.Scope] = WeakKeyDictionary()


def require_alive(session: Any) -> None:
    """The pool's check, which asks the socket and not the server: to a session that rests, a server has
    nothing to say but goodbye. A statement would be one more round trip for every request.
    """
    session.autocommit = True  # whoever had it may have left it otherwise
    if readable(session.fileno()):
        session.close()
        raise OperationalError("The server has hung up.")


def readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


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
        if wanted is scope.OF_THE_STATEMENT or told.get(session) == wanted:
            return
        # In a broken transaction nothing but a rollback is accepted, and that needs no scope.
        if session.info.transaction_status == TransactionStatus.INERROR:
            return
        # A session that broke must be seen to be broken by Django too, or it would never be replaced.
        with self.wrap_database_errors, session.cursor() as cursor:
            cursor.execute(TELL, wanted.settings)
        told[session] = wanted

    def has_entered(self, entered: scope.Scope) -> None:
        """A statement has itself brought the session into this scope."""
        told[self.connection] = entered

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
                WarmPool(kwargs=connect, open=False, configure=configure, check=require_alive, **options),
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
