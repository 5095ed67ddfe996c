"""The store's contract: plans of different feeds that are written side by side, and what all of them count."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.model import Action, DeliveryState, IngestPlan, NewDelivery, Poll, TermStatistics
from bot.store.sql import open_store
from tests.store.stock import Stock, alert, at, match, new_entry, story

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


async def test_plans_of_several_feeds_are_written_as_each_would_be(stock: Stock) -> None:
    feeds = [await stock.feed(f"f{n}") for n in range(3)]
    numbers = [feed.id for feed in feeds]
    async with stock.store.ingest(feed_ids=numbers, entries=2, alone=False) as unit:
        first = (await unit.next_ids()).entry
        plans = [
            IngestPlan(
                poll=Poll(feed.id, at(n), at(60 + n), 300, etag=f"e{n}", document=b"%d" % n),
                entries=(new_entry(first + n, "kim", f"t{n}", keys=[f"k{n}"], feed_id=feed.id, minutes=n),)
                if n
                else (),
                counters={"entries": min(n, 1)},
            )
            for n, feed in enumerate(feeds)
        ]
        await unit.apply(*plans)
    status = await stock.status()
    assert (status.entries, status.counters) == (2, {"entries": 2})
    assert await stock.store.seen(["k0", "k1", "k2"]) == {"k1": first + 1, "k2": first + 2}
    async with stock.store.ingest() as unit:
        assert await unit.statistics(["kim", "t2"]) == TermStatistics(2, {"kim": 2, "t2": 1})
        assert (await unit.next_ids()).entry > first + 2
    polled = [await stock.store.feed(number) for number in numbers]
    assert [feed and (feed.etag, feed.last_polled_at) for feed in polled] == [(f"e{n}", at(n)) for n in range(3)]
    assert [feed and feed.last_entry_at is not None for feed in polled] == [False, True, True]
    assert await stock.store.feed_documents(numbers) == {number: b"%d" % n for n, number in enumerate(numbers)}


async def test_chats_that_become_one_while_they_are_told_of_an_event_wait_for_the_end_of_that(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    feed, topic = await stock.feed(), await stock.topic(new)
    async with stock.store.ingest() as unit:
        entry = new_entry(1, "kim", keys=["k"], feed_id=feed.id)
        await unit.apply(IngestPlan(entries=(entry,), matches=(match(1, topic.id),)))
        moving = asyncio.create_task(stock.store.move_chat(old.id, new.address))
        await asyncio.sleep(0.2)  # it has gone as far as it can
        told = NewDelivery(old.id, 1, 1, Action.ALERT, ("Arms",), at(0))
        await unit.apply(IngestPlan(stories=(story(1, 1),), alerts=(alert(1, 1),), deliveries=(told,)))
    await moving
    assert (await stock.chat("-100")).id == old.id
    assert [one.story_id for one in await stock.store.deliveries(old.id, states=list(DeliveryState), limit=9)] == [1]
