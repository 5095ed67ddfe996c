"""The store's contract: plans of different feeds that are written side by side, and what all of them count."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.model import IngestPlan, TermStatistics
from bot.store.sql import open_store
from tests.store.stock import Stock, new_entry

if TYPE_CHECKING:
    from bot.store.port import Store


async def take_in(store: Store, feed_id: int, *terms: str, alone: bool = False) -> int:
    """One entry of a feed, numbered as the unit says; returns its id."""
    async with store.ingest(feed_ids=[feed_id], entries=1, alone=alone) as unit:
        number = (await unit.next_ids()).entry
        entry = new_entry(number, *terms, keys=[f"{feed_id}:{number}"], feed_id=feed_id)
        await unit.apply(IngestPlan(entries=(entry,), counters={"entries": 1}))
    return number


async def test_what_plans_count_side_by_side_comes_to_the_same(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    feeds = [await Stock(stores[0]).feed(f"f{n}") for n in range(4)]
    numbers = await asyncio.gather(
        *(take_in(stores[n % 2], feeds[n % 4].id, "kim", f"t{n}", alone=n % 7 == 0) for n in range(80))
    )
    assert len(set(numbers)) == 80
    status = await stores[1].status()
    assert (status.entries, status.counters) == (80, {"entries": 80})
    assert await stores[1].statistics(["kim", "t3", "none"]) == TermStatistics(80, {"kim": 80, "t3": 1})
    async with stores[1].ingest() as unit:
        assert await unit.statistics(["kim", "t3", "none"]) == TermStatistics(80, {"kim": 80, "t3": 1})
    assert await stores[1].statistics(["kim"]) == TermStatistics(80, {"kim": 80})
    assert (await stores[1].status()).counters == {"entries": 80}
    for store in stores:
        await store.close()


async def test_one_feed_is_taken_in_by_one_at_a_time(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    feed = await Stock(stores[0]).feed()
    inside = 0

    async def once(store: Store, *, alone: bool) -> bool:
        nonlocal inside
        async with store.ingest(feed_ids=[feed.id], entries=1, alone=alone) as unit:
            inside += 1
            assert inside == 1
            known = await unit.seen(["the same"])
            await asyncio.sleep(0.002)
            if not known:
                number = (await unit.next_ids()).entry
                entry = new_entry(number, "kim", keys=["the same"], feed_id=feed.id)
                await unit.apply(IngestPlan(entries=(entry,)))
            inside -= 1
        return not known

    first = await asyncio.gather(*(once(store, alone=n == 2) for n in range(4) for store in stores))
    assert sum(first) == 1
    for store in stores:
        await store.close()


@pytest.mark.parametrize("alone", [True, False])
async def test_a_unit_that_fails_counts_nothing(stock: Stock, *, alone: bool) -> None:
    feed = await stock.feed()

    async def fail() -> None:
        async with stock.store.ingest(feed_ids=[feed.id], entries=1, alone=alone) as unit:
            number = (await unit.next_ids()).entry
            await unit.apply(IngestPlan(entries=(new_entry(number, "kim", feed_id=feed.id),), counters={"x": 1}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    status = await stock.status()
    assert (status.entries, status.counters) == (0, {})
    assert await stock.store.statistics(["kim"]) == TermStatistics(0, {})
    # An id that was reserved and not used is left out, never given twice.
    assert await take_in(stock.store, feed.id, "kim") >= 1
    assert (await stock.status()).entries == 1
