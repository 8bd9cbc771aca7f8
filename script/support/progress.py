"""Lines that tell what is happening. What takes less than a second is not told: a second start is quiet."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_SECONDS = 1.0


@contextmanager
def step(label: str) -> Iterator[None]:
    """Tells the label once the step has taken a second, and at its end how long it took."""
    told = threading.Event()

    def tell() -> None:
        told.set()
        print(f"{label} ...", flush=True)

    timer = threading.Timer(QUIET_SECONDS, tell)
    timer.daemon = True
    started = time.monotonic()
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if told.is_set():
        print(f"{label}: {time.monotonic() - started:.0f} s", flush=True)
