"""What the HTTP process and its workers say to each other over a socket pair.

A message is two lengths (32 bits, network order), a JSON document and a picture (or nothing). Pictures go
through memory only; nothing here is written to a file.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from typing import Any, Final

from moderation.server import exchange
from moderation.server.exchange import Exchange

_LENGTHS: Final = struct.Struct("!II")
BUFFER: Final = 4 * 2**20  # asked for; the system may give less


def pack(document: dict[str, Any], picture: bytes = b"") -> list[bytes]:
    """Return the pieces of one message, the picture uncopied."""
    text = json.dumps(document, separators=(",", ":")).encode()
    return [_LENGTHS.pack(len(text), len(picture)), text, picture]


async def read(reader: asyncio.StreamReader) -> dict[str, Any]:
    """Read one message without a picture; raises asyncio.IncompleteReadError when the other side is gone."""
    length, _ = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
    document: dict[str, Any] = json.loads(await reader.readexactly(length))
    return document


def serve(
    connection: socket.socket, descriptor: int, answer: Callable[[dict[str, Any], memoryview], Any]
) -> None:
    """Say that the model is ready, then answer one question after the other until the other side is gone.

    The picture's memory is cleared before the answer is sent: with the answer the next picture may come.
    """
    shared = None if descriptor == exchange.NONE else Exchange(descriptor)
    send(connection, {"ready": True})
    while True:
        try:
            question, picture = _receive(connection)
            if shared is None:
                send(connection, answer(question, picture))
                continue
            found = answer(question, shared.look(question["length"]))
            shared.clear(question["length"])
            send(connection, found)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _receive(connection: socket.socket) -> tuple[dict[str, Any], memoryview]:
    text_length, picture_length = _LENGTHS.unpack(_exactly(connection, _LENGTHS.size))
    text = _exactly(connection, text_length)
    return json.loads(bytes(text)), _exactly(connection, picture_length)


def send(connection: socket.socket, document: dict[str, Any]) -> None:
    """Send one message without a picture."""
    connection.sendall(b"".join(pack(document)))


def _exactly(connection: socket.socket, length: int) -> memoryview:
    view = memoryview(bytearray(length))
    position = 0
    while position < length:
        received = connection.recv_into(view[position:])
        if not received:
            raise EOFError
        position += received
    return view
