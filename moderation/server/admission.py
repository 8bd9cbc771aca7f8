"""How much the server takes on before it refuses: requests, and bytes of pictures in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from moderation.domain.pictures import MAX_BYTES
from moderation.server.errors import busy

_BYTES_IN_HAND = 256 * 2**20


class Admission:
    """Counts requests from before their body is read until they are answered.

    A refusal comes before the picture is uploaded, so a full server stays quick at saying so. A body of
    unknown length (chunked) counts as the largest picture.
    """

    def __init__(self, requests: int, bytes_in_hand: int = _BYTES_IN_HAND) -> None:
        self.depth = 0
        self._requests = requests
        self._of_site: Counter[str] = Counter()
        self._bytes = bytes_in_hand

    @contextmanager
    def admit(self, declared: int | None) -> Iterator[None]:
        """Take one request with a body of `declared` bytes in; raises the 503 when there is no room."""
        size = MAX_BYTES if declared is None else declared
        if self.depth >= self._requests or size > self._bytes:
            raise busy()
        self.depth += 1
        self._bytes -= size
        try:
            yield
        finally:
            self.depth -= 1
            self._bytes += size

    @contextmanager
    def share(self, site: str) -> Iterator[None]:
        """Count a request to its site, which its form named; raises the 503 where the site has half of the
        room already, so that no site keeps the others out.
        """
        if self._of_site[site] >= max(1, self._requests // 2):
            raise busy()
        self._of_site[site] += 1
        try:
            yield
        finally:
            self._of_site[site] -= 1
            if not self._of_site[site]:
                del self._of_site[site]
