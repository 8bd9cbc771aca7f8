"""Stands where BLIP stands, a real process with the real messages: says what a picture's text tells it."""

import socket
import sys
import time
from typing import Any

from moderation.server import messages


def describe(question: dict[str, Any], picture: memoryview) -> dict[str, Any]:
    text = bytes(picture).decode()
    if text == "die":
        sys.exit(1)
    if text == "broken":
        return {"error": "IMAGE_UNREADABLE"}
    time.sleep(question["blip"].get("temperature", 0))
    return {"caption": text}


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        messages.serve(connection, int(sys.argv[2]), describe)
