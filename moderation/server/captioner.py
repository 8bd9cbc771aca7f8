"""The process that writes captions: `python -m moderation.server.captioner FD MEMORY FOLDER`."""

from __future__ import annotations

import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

from moderation.domain.pictures import PictureError
from moderation.server import messages
from moderation.server.captions import Captioner
from moderation.server.decoding import decode


def describe(captioner: Captioner, question: dict[str, Any], picture: memoryview) -> dict[str, Any]:
    """Caption one picture; a picture that cannot be read becomes an error document."""
    try:
        return {"caption": captioner.caption(decode(picture), question["blip"])}
    except PictureError as error:
        return {"error": error.code}


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor, memory, folder = arguments
    captioner = Captioner(Path(folder))
    with socket.socket(fileno=int(descriptor)) as connection:
        messages.serve(connection, int(memory), partial(describe, captioner))


if __name__ == "__main__":
    main(sys.argv[1:])
