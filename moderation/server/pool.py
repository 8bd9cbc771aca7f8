"""The workers and the pictures that wait for them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from moderation.server import logs, process
from moderation.server.process import Worker, WorkerDiedError
from moderation.server.turns import Turns

_STARTS = 3  # tries to replace a worker before the server gives up
_PAUSE_SECONDS = 1.0

T = TypeVar("T")


class CallerGoneError(WorkerDiedError):
    """Nobody waits for the picture any more, so no worker looked at it."""


def stays() -> bool:
    return False


class Pool:
    """`size` processes of `module`, each with at most `seconds` for a picture.

    Whichever is idle takes the next site's picture that has waited longest.

    A worker that dies is replaced. When a replacement cannot be started, `failed` is set: the server then
    ends, or goes on without captions.
    """

    def __init__(self, module: str, arguments: list[str], *, size: int, seconds: float) -> None:
        self.size = size
        self.depth = 0  # pictures that wait or are worked on
        self._module = module
        self._seconds = seconds
        self.failed = asyncio.Event()
        self._arguments = arguments
        self._idle: deque[Worker] = deque()
        self._turns = Turns()
        self._all: dict[int, Worker] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closing = False
        self._reload = asyncio.Lock()

    async def open(self) -> None:
        """Start all workers; returns when each has its model; raises WorkerDiedError."""
        await asyncio.gather(*(self._add() for _ in range(self.size)))

    async def close(self) -> None:
        """End all workers, each after the picture in its hands."""
        self._is_closing = True
        await asyncio.gather(*(worker.end() for worker in self._all.values()))
        for task in self._tasks:
            task.cancel()

    async def ask(
        self,
        document: dict[str, Any],
        picture: bytes,
        *,
        site: str = "",
        is_gone: Callable[[], bool] = stays,
    ) -> dict[str, Any]:
        """Return a worker's answer for one picture; raises WorkerDiedError, also when `seconds` have passed.

        A caller that is gone when its turn comes gets none. One that goes away later leaves its picture to
        the worker, whose answer must be read before the next question.
        """
        return await asyncio.shield(self._task(self._ask(document, picture, site, is_gone)))

    async def reload(self) -> None:
        """Load the models anew, one worker after the other, while the others go on."""
        async with self._reload:
            for worker in list(self._all.values()):
                await self._add()
                await self._retire(worker)

    async def _ask(
        self, document: dict[str, Any], picture: bytes, site: str, is_gone: Callable[[], bool]
    ) -> dict[str, Any]:
        self.depth += 1
        try:
            worker = await self._next(site)
            try:
                if is_gone():
                    raise CallerGoneError
                return await worker.ask(document, picture, self._seconds)
            finally:
                self._give_back(worker)
        finally:
            self.depth -= 1

    async def _next(self, site: str) -> Worker:
        while True:
            turn = self._turns.join(site)
            self._call()
            worker = await turn
            if worker.is_usable:  # it may have died, or been retired, since it was idle
                return worker

    def _give_back(self, worker: Worker) -> None:
        if worker.is_usable:
            self._idle.append(worker)
            self._call()
        elif worker.process.returncode is not None:
            worker.release()

    def _call(self) -> None:
        while self._idle and self._turns:
            self._turns.next().set_result(self._idle.popleft())

    async def _add(self) -> None:
        worker = await process.start(self._module, self._arguments)
        self._all[worker.process.pid] = worker
        self._give_back(worker)
        self._task(self._watch(worker))

    async def _retire(self, worker: Worker) -> None:
        if self._all.pop(worker.process.pid, None):
            await worker.end()

    async def _watch(self, worker: Worker) -> None:
        status = await worker.process.wait()
        worker.release()
        if self._is_closing or not self._all.pop(worker.process.pid, None):
            return
        logs.write("worker_died", level="error", pid=worker.process.pid, status=status)
        await self._replace()

    async def _replace(self) -> None:
        for _ in range(_STARTS):
            try:
                await self._add()
            except WorkerDiedError:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
        logs.write("worker_not_replaced", level="error")
        self.failed.set()

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
