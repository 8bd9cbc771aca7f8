"""The workers' pool, with real processes."""

import asyncio
from typing import Any

import pytest

from moderation.server.pool import Pool
from moderation.server.process import Worker


def question(seconds: float = 0) -> dict[str, Any]:
    return {"blip": {"temperature": seconds}}


def test_a_worker_that_is_retired_as_it_is_handed_over_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture that waited goes to the next one, and is not lost with its connection."""

    async def captions() -> list[str]:
        pool = Pool("tests.moderation.server.fixed_captioner", [], size=1, seconds=10)
        await pool.open()
        first = next(iter(pool._all.values()))
        give_back = pool._give_back

        def retire(worker: Worker) -> None:
            give_back(worker)
            if worker is first:
                worker.is_ending = True
                worker.writer.write_eof()

        monkeypatch.setattr(pool, "_give_back", retire)
        try:
            asked = [asyncio.ensure_future(pool.ask(question(0.3), b"one"))]
            await asyncio.sleep(0.1)  # it is in hand
            asked.append(asyncio.ensure_future(pool.ask(question(), b"two")))
            await asked[0]
            await pool._add()
            return [answer["caption"] for answer in await asyncio.wait_for(asyncio.gather(*asked), 5)]
        finally:
            await pool.close()

    assert asyncio.run(captions()) == ["one", "two"]
