"""One worker process: takes pictures from a socket, one at a time, and answers what it found in them.

Started by the HTTP process as `python -m moderation.server.worker FD MEMORY SUPPRESSION MODEL`. It ends when
the socket does, so no worker outlives its server. Ctrl-C reaches the whole group of processes: the worker
ignores it and waits for the end of its socket, so that a picture in hand is still answered.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from moderation.domain.pictures import MAX_PIXELS, PictureError

# Read by OpenCV when it is loaded: a second look at the limit, by the decoder itself.
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
os.environ["OPENCV_LOG_LEVEL"] = "SILENT"

import cv2
import numpy as np

from moderation.server import logs, messages
from moderation.server.decoding import views
from moderation.server.detector import Detector
from moderation.server.perceptual import pdq
from moderation.server.suppression import Found


def examine(detector: Detector, data: memoryview, *, hashes: bool) -> dict[str, Any]:
    """Decode, detect and (for `hashes`) hash one picture; a picture that cannot be read becomes an error
    document, and so does one on which the server fails: the next one does not wait for a new worker.
    """
    try:
        return _examined(detector, data, hashes=hashes)
    except PictureError as error:
        return {"error": {"code": error.code, "status": error.status, "message": error.message}}
    except Exception as error:  # noqa: BLE001 -- whatever it is, the process goes on
        place = traceback.extract_tb(error.__traceback__)[-1]
        logs.write(
            "examination_failed", level="error", kind=type(error).__name__, at=f"{place.name}:{place.lineno}"
        )
        failed = "The server failed on this picture."
        return {"error": {"code": "EXAMINATION_FAILED", "status": 500, "message": failed}}


def _examined(detector: Detector, data: memoryview, *, hashes: bool) -> dict[str, Any]:
    started = time.perf_counter()
    picture, *others = views(data)
    decoded = time.perf_counter()
    output = detector.infer(picture)
    inferred = time.perf_counter()
    found = detector.found(output, picture)
    for other in others:
        found = joined(found, detector.found(detector.infer(other), other))
    answer: dict[str, Any] = {
        "width": picture.shape[1],
        "height": picture.shape[0],
        "found": [[item.label, item.score, item.box] for item in found],
    }
    if hashes:
        perceptual = pdq(picture)
        answer["hashes"] = [hashlib.sha256(data).hexdigest(), perceptual.hex, perceptual.quality]
    answer["timings_ms"] = {
        "decode": _milliseconds(started, decoded),
        "inference": _milliseconds(decoded, inferred),
        "postprocess": _milliseconds(inferred, time.perf_counter()),
    }
    return answer


def joined(first: Sequence[Found], other: Sequence[Found]) -> list[Found]:
    """What was found at first, and what another view was surer of by its label."""
    surest: dict[str, float] = {}
    for item in first:
        surest[item.label] = max(item.score, surest.get(item.label, 0.0))
    return [*first, *(item for item in other if item.score > surest.get(item.label, 0.0))]


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 3)


def quieten_decoders() -> None:
    """Keep what libpng and its kin print about a broken picture out of the log; Python's own stderr stays."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor, memory, suppression, model = arguments
    cv2.setNumThreads(1)
    detector = Detector(Path(model), suppression)
    detector.infer(np.zeros((16, 16, 3), np.uint8))  # the first run allocates: let no caller wait for it
    quieten_decoders()
    with socket.socket(fileno=int(descriptor)) as connection:
        messages.serve(
            connection,
            int(memory),
            lambda question, picture: examine(detector, picture, hashes=question["hashes"]),
        )


if __name__ == "__main__":
    main(sys.argv[1:])
