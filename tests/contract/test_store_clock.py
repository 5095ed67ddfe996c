"""The store's contract: leases of the living, and a clock that was set back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import DeliveryState, IngestPlan, Platform
from bot.store.port import Outcome
from tests.store.stock import LEASE_S, at, new_entry, poll

if TYPE_CHECKING:
    from tests.store.stock import Stock

DAY_S = 24 * 3600.0
DAY = DAY_S / 60  # in minutes, as the stock counts


async def test_what_was_put_off_by_a_clock_that_was_ahead_comes_when_it_was_meant_to(stock: Stock) -> None:
    """A retry in five minutes, said at a moment of tomorrow; then it is today again."""
    await stock.told(await stock.chat(), minutes=DAY)
    (claimed,) = await stock.claim(DAY)
    again = Outcome(DeliveryState.PENDING, error="no connection", not_before=at(DAY + 5))
    await stock.store.finish_delivery(claimed.delivery, again)
    await stock.store.clock_set_back(DAY_S, now=at(0))
    assert await stock.claim(4) == ()
    assert len(await stock.claim(5)) == 1


async def test_feeds_are_polled_again_after_the_clock_was_set_back(stock: Stock) -> None:
    feed = await stock.feed("a")
    await stock.store.record_poll(poll(feed.id, minutes=DAY, next_poll_at=at(DAY + 10)))
    await stock.store.clock_set_back(DAY_S, now=at(0))
    assert await stock.store.claim_due_feeds(now=at(9), lease_s=1, limit=9) == ()
    assert [one.id for one in await stock.store.claim_due_feeds(now=at(10), lease_s=1, limit=9)] == [feed.id]


async def test_what_a_poll_wrote_by_the_clock_of_before_is_due_at_once(stock: Stock) -> None:
    feed, other = await stock.feed("a"), await stock.feed("b")
    await stock.told(await stock.chat("1"))
    (tried,) = await stock.claim()
    again = Outcome(DeliveryState.PENDING, error="no connection", not_before=at(5))
    await stock.store.finish_delivery(tried.delivery, again)
    await stock.told(await stock.chat("2"), story_id=2, minutes=DAY)
    for one in (feed, other):
        await stock.store.record_poll(poll(one.id, minutes=DAY, next_poll_at=at(DAY + 10)))
    await stock.store.clock_set_back_during_poll(feed.id, now=at(0))
    assert [one.id for one in await stock.store.claim_due_feeds(now=at(0), lease_s=1, limit=9)] == [feed.id]
    (stranded,) = await stock.claim(4)
    assert stranded.alert.story_id == 2, "what the platform refused waits as long as it was to"
    assert tried.delivery.id in {one.delivery.id for one in await stock.claim(5)}


async def test_what_was_due_stays_due(stock: Stock) -> None:
    await stock.told(await stock.chat(), minutes=-1)
    await stock.store.clock_set_back(3600, now=at(0))
    assert len(await stock.claim(0)) == 1


async def test_the_newest_moment_is_that_of_what_was_sent_or_seen(stock: Stock) -> None:
    assert await stock.store.newest_moment() is None
    feed = await stock.feed("a")
    await stock.apply(IngestPlan(poll=poll(feed.id), entries=(new_entry(1, "kim", feed_id=feed.id),)))
    assert await stock.store.newest_moment() == at(0)
    await stock.told(await stock.chat())
    await stock.send(DAY)
    assert await stock.store.newest_moment() == at(DAY)


async def test_a_lease_that_is_kept_up_does_not_run_out(stock: Stock) -> None:
    await stock.told(await stock.chat())
    (claimed,) = await stock.claim(0)
    late = LEASE_S / 60 + 1
    await stock.store.keep_deliveries([claimed.delivery], now=at(late), lease_s=LEASE_S)
    assert await stock.claim(late) == ()
    assert await stock.store.begin_delivery(claimed.delivery, now=at(late), lease_s=LEASE_S)


async def test_a_lease_that_is_anothers_is_not_kept_up(stock: Stock) -> None:
    await stock.told(await stock.chat())
    (mine,) = await stock.claim(0)
    late = LEASE_S / 60 + 1
    (theirs,) = await stock.claim(late)
    await stock.store.keep_deliveries([mine.delivery], now=at(2 * late), lease_s=LEASE_S)
    assert len(await stock.claim(2 * late)) == 1, "theirs ran out in the meantime"
    assert theirs.delivery.token > mine.delivery.token


async def test_what_was_surely_absent_is_in_no_doubt_until_it_is_begun_anew(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.told(chat)
    for number, absent in enumerate((False, True, True, False)):
        minutes = number * (LEASE_S / 60 + 1)
        (claimed,) = await stock.claim(minutes)
        assert claimed.delivery.maybe_sent == bool(number)
        begun = stock.store.begin_delivery(claimed.delivery, now=at(minutes), lease_s=LEASE_S, absent=absent)
        assert await begun
    over = at(5 * (LEASE_S / 60 + 1))
    taken = await stock.store.claim_deliveries(now=over, lease_s=LEASE_S, limit=9, platforms=[Platform.TELEGRAM])
    assert taken == ()
    (left,) = await stock.store.deliveries(chat.id, states=list(DeliveryState), limit=9)
    assert left.state is DeliveryState.UNKNOWN, "the last one was sent into a doubt"
