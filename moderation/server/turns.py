"""Whose picture is next where several wait for a worker."""

from __future__ import annotations

import asyncio
from collections import deque

from moderation.server.process import Worker

Turn = asyncio.Future[Worker]


class Turns:
    """The sites whose pictures wait take turns; each one's pictures keep their order.

    A site that sends many large pictures so waits for itself, and another's next one for at most one of them.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Turn]] = {}  # the site that is next stands first

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def join(self, site: str) -> Turn:
        """Wait as the last of this site's."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(site, deque()).append(turn)
        return turn

    def next(self) -> Turn:
        """The picture whose turn it is; its site stands last from now on. Raises StopIteration for none."""
        site = next(iter(self._waiting))
        queue = self._waiting.pop(site)
        turn = queue.popleft()
        if queue:
            self._waiting[site] = queue
        return turn
