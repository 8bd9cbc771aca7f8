"""One worker as the HTTP process sees it: started, spoken to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from dataclasses import dataclass
from typing import Any

from moderation.server import exchange, messages
from moderation.server.exchange import Exchange

_START_SECONDS = 60
_END_SECONDS = 5
# One thread each: the workers are the parallelism. The key is nothing that a process which decodes
# pictures needs.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_SECRETS = frozenset({"MODERATION_SERVER_API_KEY"})


class WorkerDiedError(Exception):
    """The worker ended, or did not answer in time, while it had a picture."""


@dataclass
class Worker:
    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    exchange: Exchange | None = None
    is_ending: bool = False
    is_busy: bool = False

    @property
    def is_usable(self) -> bool:
        return self.process.returncode is None and not self.is_ending

    async def ask(self, document: dict[str, Any], picture: bytes, seconds: float) -> dict[str, Any]:
        """Send one picture and return the answer; raises WorkerDiedError, after which the worker is gone."""
        self.is_busy = True
        try:
            async with asyncio.timeout(seconds):
                self._send(document, picture)
                await self.writer.drain()
                return await messages.read(self.reader)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
            self.kill()
            raise WorkerDiedError from error
        finally:
            self.is_busy = False

    def _send(self, document: dict[str, Any], picture: bytes) -> None:
        if self.exchange is None:
            self.writer.writelines(messages.pack(document, picture))
            return
        self.exchange.put(picture)
        self.writer.writelines(messages.pack({**document, "length": len(picture)}))

    def kill(self) -> None:
        self.is_ending = True
        self.writer.close()
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> None:
        """Ask the worker to end after the picture in its hands; kill it if it does not."""
        self.is_ending = True
        with contextlib.suppress(OSError):
            self.writer.write_eof()  # only our direction: its last answer still comes
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.kill()
            await self.process.wait()

    def release(self) -> None:
        """Close the socket of a worker that has ended, unless its last answer is still being read."""
        if not self.is_busy:
            self.writer.close()


async def start(module: str, arguments: list[str]) -> Worker:
    """Start `python -m module FD MEMORY …arguments` and wait until it is ready; raises WorkerDiedError."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, messages.BUFFER)
    memory = exchange.create()
    passed = [descriptor for descriptor in (theirs.fileno(), memory) if descriptor != exchange.NONE]
    with theirs:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            str(theirs.fileno()),
            str(memory),
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            pass_fds=passed,
            env={
                **{name: value for name, value in os.environ.items() if name not in _SECRETS},
                **_ONE_THREAD,
            },
        )
    reader, writer = await asyncio.open_connection(sock=ours)
    worker = Worker(process, reader, writer)
    if memory != exchange.NONE:
        worker.exchange = Exchange(memory)
        os.close(memory)  # the mapping stays
    try:
        async with asyncio.timeout(_START_SECONDS):
            await messages.read(reader)
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
        worker.kill()
        raise WorkerDiedError from error
    return worker
