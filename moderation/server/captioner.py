"""The process that writes captions, one at a time: `python -m moderation.server.captioner FD FOLDER`."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path

from moderation.domain.pictures import PictureError
from moderation.server import messages
from moderation.server.captions import Captioner
from moderation.server.decoding import decode


def run(connection: socket.socket, captioner: Captioner) -> None:
    """Say that the model is ready, then answer until the server is gone."""
    messages.send(connection, {"ready": True})
    while True:
        try:
            request, data = messages.receive(connection)
        except EOFError:
            return
        try:
            answer = {"caption": captioner.caption(decode(data), request["blip"])}
        except PictureError as error:
            answer = {"error": error.code}
        messages.send(connection, answer)
        del data


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor, folder = arguments
    captioner = Captioner(Path(folder))
    with socket.socket(fileno=int(descriptor)) as connection:
        try:
            run(connection, captioner)
        except (BrokenPipeError, ConnectionResetError):
            return


if __name__ == "__main__":
    main(sys.argv[1:])
