"""Housekeeping on a real store, with entries of several ages and a writer beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot import limits
from bot.model import IngestPlan
from bot.store.sql import open_store
from bot.workers.housekeep import Housekeeper, Kept
from tests.store.stock import Stock, at, new_entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

DAY = 24 * 60


class Now:
    """A clock that stands still."""

    def now(self) -> datetime:
        return at(0)


@pytest.fixture
async def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stock]:
    monkeypatch.setattr(limits, "KEPT_PER_FEED", 2)
    monkeypatch.setattr(limits, "UPKEEP_BATCH", 10)
    stock = Stock(await open_store(f"sqlite:///{tmp_path}/b.db"))
    feed = await stock.feed()
    for number in range(1, 101):
        await stock.apply(
            IngestPlan(
                entries=(
                    new_entry(number, "kim", keys=(f"k{number}",), feed_id=feed.id, minutes=-(1001 - number) * DAY),
                )
            )
        )
    yield stock
    await stock.store.close()


def keeper(stock: Stock, *, entries: int = 950, seen: int = 970, pause_s: float = 0.0) -> Housekeeper:
    return Housekeeper(stock.store, Now(), Kept(entries, seen), pause_s=pause_s)


async def test_a_round_deletes_what_is_older_than_the_settings_keep(stock: Stock) -> None:
    assert await keeper(stock).run() == (50, 30)
    assert [entry.id for entry in await stock.store.archive(after_id=0, limit=200)] == list(range(51, 101))
    assert sorted(await stock.store.seen([f"k{number}" for number in range(1, 101)])) == sorted(
        f"k{number}" for number in range(31, 101)
    )
    assert await keeper(stock).run() == (0, 0)
    assert await stock.store.faults() == ()


async def test_what_was_heard_is_forgotten_once_no_platform_brings_it_again(stock: Stock) -> None:
    day = limits.HEARD_KEPT_DAYS * DAY
    for event, minutes in (("old", -day - 1), ("young", -day + 1)):
        await stock.store.hear(event, now=at(minutes))
    await keeper(stock).run()
    assert [await stock.store.hear(event, now=at(0)) for event in ("old", "young")] == [True, False]


async def test_entries_come_in_while_others_go(stock: Stock) -> None:
    """Whoever ingests waits for one batch at most: both are done in turns, and nothing is miscounted."""

    async def ingest() -> list[int]:
        left = []
        for number in range(101, 121):
            await stock.apply(IngestPlan(entries=(new_entry(number, "kim", feed_id=1),)))
            left.append(len(await stock.store.archive(after_id=0, limit=200)))
        return left

    (entries, _), left = await asyncio.gather(keeper(stock, entries=901).run(), ingest())
    assert entries == 99
    assert len(set(left)) > 3
    assert len(await stock.store.archive(after_id=0, limit=200)) == 21
    assert await stock.store.faults() == ()


async def test_it_ends_in_the_middle_of_a_round_and_leaves_a_whole_database(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UPKEEP_FIRST_S", 0.0)
    busy = keeper(stock, pause_s=60.0)
    busy.start()
    while len(await stock.store.archive(after_id=0, limit=200)) == 100:  # noqa: ASYNC110 - a state of the database
        await asyncio.sleep(0.01)
    await busy.stop()
    assert len(await stock.store.archive(after_id=0, limit=200)) == 90
    assert await stock.store.faults() == ()
    await busy.stop()
