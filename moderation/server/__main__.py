"""`python -m moderation.server`: start the workers, listen, say so in one line, end everything on SIGTERM or
Ctrl-C.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
import uvloop

from moderation.server import logs, settings
from moderation.server.admission import Admission
from moderation.server.app import create_app
from moderation.server.captioning import Captions
from moderation.server.default_profile import DefaultProfile
from moderation.server.model_file import model_digest, model_path
from moderation.server.pool import Pool
from moderation.server.process import WorkerDiedError
from moderation.server.profiles import ProfileStore
from moderation.server.settings import Settings
from moderation.server.state import State

_BACKLOG = 512
_DETECT_SECONDS = 30.0
_CAPTION_SECONDS = 300.0
_GRACE_SECONDS = 10


class StoppedError(Exception):
    """The server cannot start or go on; the message is for the operator."""


class Server(uvicorn.Server):
    """Says that it is ready when it is, not before."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        host, port = (sockets or [])[0].getsockname()[:2]
        sys.stdout.write(f"The moderation server is ready at http://{host}:{port}\n")
        sys.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """Bind before anything slow is done, so that a taken port is known at once; raises StoppedError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(_BACKLOG)
    except OSError as error:
        raise StoppedError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return bound


@asynccontextmanager
async def workers(given: Settings) -> AsyncIterator[State]:
    """Start every process and end every one; raises StoppedError when one does not start."""
    path = model_path()
    pool = Pool(
        "moderation.server.worker", [given.nms, str(path)], size=given.workers, seconds=_DETECT_SECONDS
    )
    state = State(
        folder=given.data,
        pool=pool,
        admission=Admission(given.workers * given.queue),
        profiles=ProfileStore(given.data),
        default=DefaultProfile(given.data),
        model_digest=model_digest(path),
        callback_allow=given.callback_allow,
    )
    if given.blip_model:
        state.caption_pool = Pool(
            "moderation.server.captioner", [str(given.blip_model)], size=1, seconds=_CAPTION_SECONDS
        )
        state.captions = Captions(state.caption_pool, given.blip_model.name)
        state.blip_model = given.blip_model.name
    pools = [pool, state.caption_pool] if state.caption_pool else [pool]
    try:
        for each in pools:
            await each.open()
        yield state
    except WorkerDiedError as error:
        raise StoppedError("a worker could not be started; its own message stands above") from error
    finally:
        await asyncio.gather(*(each.close() for each in pools))


async def serve(given: Settings, bound: socket.socket) -> None:
    """Serve until a signal comes; raises StoppedError when a worker died and could not be replaced."""
    async with workers(given) as state:
        server = Server(
            uvicorn.Config(
                create_app(state, given.key),
                http="httptools",
                lifespan="off",
                log_level="error",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        side = [asyncio.ensure_future(_end_on_failure(state, server))]
        if state.captions:
            side.append(asyncio.ensure_future(caption(state)))
        await server.serve(sockets=[bound])
        for task in side:
            task.cancel()
        if state.pool.failed.is_set():
            raise StoppedError("a worker died and could not be replaced")


async def _end_on_failure(state: State, server: Server) -> None:
    await state.pool.failed.wait()
    server.should_exit = True


async def caption(state: State) -> None:
    """Caption until there is no captioner any more; from then on the server says that it has none."""
    assert state.captions
    assert state.caption_pool
    running = asyncio.ensure_future(state.captions.run())
    failing = asyncio.ensure_future(state.caption_pool.failed.wait())
    await asyncio.wait([running, failing], return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    state.captions = state.blip_model = None
    logs.write("captions_ended", level="error")


def main(arguments: list[str]) -> int:
    """Run the server; returns the exit status."""
    given = settings.parse(arguments, os.environ)
    # Until uvicorn takes the signals over, SIGTERM ends the start like Ctrl-C, with everything cleaned up.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        given.data.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(listen(given.host, given.port)) as bound:
            uvloop.run(serve(given, bound))
    except KeyboardInterrupt:
        return 0
    except (StoppedError, OSError) as error:
        logs.write("failed", level="critical", message=str(error))
        sys.stderr.write(f"moderation server: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
