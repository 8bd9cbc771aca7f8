"""What happens to many who begin at one moment, each in a thread and a connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Barrier

from django.db import connection

from musenest.common.errors import MuseNestError


def at_once(
    asks: Iterable[Callable[[], object]], scope: Callable[[], AbstractContextManager[object]] = nullcontext
) -> list[str]:
    """What became of each, in `scope()`: `done` or the code of the refusal."""
    asks = list(asks)
    start = Barrier(len(asks))

    def one(ask: Callable[[], object]) -> str:
        try:
            with scope():
                connection.ensure_connection()
                start.wait(30)
                ask()
        except MuseNestError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))
