"""Memory that the HTTP process and one worker share, so that no picture is copied through a socket.

It is anonymous memory, never a file on a disk, and its pages are given back to the system as soon as the
picture has been examined. Where the system has none (it is Linux's memfd), pictures go through the socket.
"""

from __future__ import annotations

import mmap
import os
from typing import Final

from moderation.domain.pictures import MAX_BYTES

NONE: Final = -1


def create() -> int:
    """Return the descriptor of new shared memory for one picture, NONE where there is no such thing."""
    if not hasattr(os, "memfd_create"):
        return NONE
    descriptor = os.memfd_create("picture")
    os.ftruncate(descriptor, MAX_BYTES)
    return descriptor


class Exchange:
    """One side's view of the shared memory. One picture is in it at a time."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, MAX_BYTES)

    def put(self, picture: bytes) -> None:
        self._memory[: len(picture)] = picture

    def look(self, length: int) -> memoryview:
        return memoryview(self._memory)[:length]

    def clear(self, length: int) -> None:
        """Give the pages back, contents and all."""
        whole_pages = -(-length // mmap.PAGESIZE) * mmap.PAGESIZE
        self._memory.madvise(mmap.MADV_REMOVE, 0, whole_pages)
