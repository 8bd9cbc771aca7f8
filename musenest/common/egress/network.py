"""Connections that are checked when they are made: the name is resolved once, every address is judged, the
judged one is called.

Checking the name before the call would leave the resolver free to answer otherwise a moment later.
"""

import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore

from musenest.common.egress.addresses import is_forbidden, parsed
from musenest.common.egress.errors import ForbiddenAddressError, TimedOutError, UnreachableError
from musenest.common.egress.models import is_allowed

# When the running call must be over (time.monotonic). A time-out per read would let one byte a second hold us
# for ever.
deadline: ContextVar[float] = ContextVar("egress_deadline")

# The network may take a piece this large before the deadline is looked at again.
WRITE_BYTES = 16 * 1024

resolver = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


def left() -> float:
    seconds = deadline.get() - time.monotonic()
    if seconds <= 0:
        raise TimedOutError("The other side did not answer in time.")
    return seconds


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, in the resolver's order. Raises UnreachableError or TimedOutError."""
    try:
        found = resolver.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(
            timeout=left()
        )
    except FutureTimeoutError as error:
        raise TimedOutError("The name could not be resolved in time.") from error
    except (OSError, UnicodeError) as error:
        raise UnreachableError("The name could not be resolved.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def permitted_addresses(host: str, port: int) -> list[str]:
    """The addresses to connect to. One forbidden address among several forbids them all, unless an allowance
    names the host.
    """
    addresses = resolve(host, port)
    if any(is_forbidden(parsed(address)) for address in addresses) and not is_allowed(host, port):
        raise ForbiddenAddressError(
            "This address may not be called. Staff can allow it under Egress allowances."
        )
    return addresses


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the call's deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self.stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, timeout=left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        for start in range(0, len(view), WRITE_BYTES):
            self.stream.write(bytes(view[start : start + WRITE_BYTES]), timeout=left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return DeadlineStream(self.stream.start_tls(ssl_context, server_hostname, timeout=left()))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self.backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries the checked addresses in the resolver's order (`localhost` may be ::1 first)."""
        *others, last = permitted_addresses(host, port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self.connect(address, port, local_address, socket_options)
        return self.connect(last, port, local_address, socket_options)

    def connect(self, address: str, port: int, *options: Any) -> DeadlineStream:
        return DeadlineStream(self.backend.connect_tcp(address, port, left(), *options))
