"""Polls that are written down together."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from bot.model import Poll
from bot.workers.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Slow:
    """A store that takes its time, and refuses some polls."""

    def __init__(self, refused: frozenset[int] = frozenset()) -> None:
        self.begun = asyncio.Event()
        self.stored: list[list[int]] = []
        self._refused = refused

    async def record_polls(self, polls: Sequence[Poll]) -> None:
        self.begun.set()
        await asyncio.sleep(0.02)
        if not self._refused.isdisjoint(poll.feed_id for poll in polls):
            message = "refused"
            raise OSError(message)
        self.stored.append([poll.feed_id for poll in polls])


def poll(feed_id: int) -> Poll:
    return Poll(feed_id, NOW, NOW, 300)


async def test_what_comes_while_others_are_written_goes_together() -> None:
    store = Slow()
    records = Records(cast("Store", store))
    first = asyncio.create_task(records.write(poll(0)))
    await store.begun.wait()
    await asyncio.gather(first, *(records.write(poll(n)) for n in range(1, 30)))
    assert [len(batch) for batch in store.stored] == [1, 29]
    await records.write(poll(30))
    assert store.stored[-1] == [30]


async def test_one_poll_that_cannot_be_stored_keeps_no_other_from_it() -> None:
    store = Slow(frozenset({2}))
    records = Records(cast("Store", store))
    outcomes = await asyncio.gather(*(records.write(poll(n)) for n in range(4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), OSError, type(None)]
    assert store.stored == [[0], [1], [3]]


async def test_a_writer_that_is_stopped_leaves_nobody_waiting() -> None:
    class Stopping(Slow):
        async def record_polls(self, polls: Sequence[Poll]) -> None:
            await super().record_polls(polls)
            raise asyncio.CancelledError

    store = Stopping()
    records = Records(cast("Store", store))
    first = asyncio.create_task(records.write(poll(0)))
    await store.begun.wait()
    second = asyncio.create_task(records.write(poll(1)))
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 2
    with pytest.raises(asyncio.CancelledError):
        await records.write(poll(2))
    assert store.stored == [[0], [2]]


async def test_who_is_cancelled_loses_no_poll() -> None:
    store = Slow()
    records = Records(cast("Store", store))
    gone = asyncio.create_task(records.write(poll(1)))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await records.write(poll(2))
    assert store.stored == [[1, 2]]
