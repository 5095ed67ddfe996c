"""Upkeep and figures: what is deleted, what never is, and what is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from bot import limits
from bot.model import Action, DeliveryState, FeedState, IngestPlan, NewDelivery, SeenKey
from bot.store.database import Database, parse_url
from bot.store.port import Lags, Outcome
from bot.store.sql import open_store
from tests.store.stock import START, Stock, alert, at, link, match, message, new_entry, poll, story

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Chat, NewEntry
    from bot.store.port import Store

DAY = 24 * 60
OLD = at(-1000 * DAY)
CUT = at(-730 * DAY)


@pytest.fixture(autouse=True)
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest entry of each feed stays, instead of hundreds."""
    monkeypatch.setattr(limits, "KEPT_PER_FEED", 1)


async def trim(store: Store, *, before: datetime = CUT, limit: int = 100) -> int:
    """Delete all that may go, batch by batch."""
    deleted, after = 0, None
    while True:
        done = await store.trim_entries(before=before, after=after, limit=limit)
        deleted, after = deleted + done.deleted, done.then
        if after is None:
            return deleted


async def forget(store: Store, *, before: datetime, limit: int = 100) -> int:
    deleted, after = 0, None
    while True:
        done = await store.trim_seen(before=before, after=after, limit=limit)
        deleted, after = deleted + done.deleted, done.then
        if after is None:
            return deleted


def aged(entry_id: int, feed_id: int, *terms: str, days: float = 1000) -> NewEntry:
    return new_entry(entry_id, *terms, keys=(f"k{entry_id}",), feed_id=feed_id, minutes=-days * DAY)


async def stored(store: Store) -> list[int]:
    return [entry.id for entry in await store.archive(after_id=0, limit=100)]


async def test_old_entries_go_with_their_words_and_are_remembered(stock: Stock) -> None:
    feed = await stock.feed()
    plan = (aged(1, feed.id, "treaty", "kim"), aged(2, feed.id, "kim"), aged(3, feed.id, "kim", days=10))
    await stock.apply(IngestPlan(entries=plan))
    assert await trim(stock.store) == 2
    assert await stored(stock.store) == [3]
    statistics = await stock.store.statistics(["treaty", "kim"])
    assert (statistics.documents, dict(statistics.frequency)) == (1, {"kim": 1})
    async with stock.store.ingest() as unit:
        assert [past.entry.id for past in await unit.candidates(["treaty", "kim"], before=START, limit=9)] == [3]
    assert set(await stock.store.seen(["k1", "k2", "k3"])) == {"k1", "k2", "k3"}
    assert await stock.store.faults() == ()


async def test_batches_end_where_the_next_begins(stock: Stock) -> None:
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=tuple(aged(number, feed.id, "kim") for number in range(1, 8))))
    assert await trim(stock.store, limit=2) == 6  # the newest of the feed stays
    assert await stored(stock.store) == [7]


async def test_what_a_feed_may_still_hold_stays(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_PER_FEED", 3)
    quiet, busy = await stock.feed("quiet"), await stock.feed("busy")
    entries = [aged(number, quiet.id) for number in (1, 2, 3)] + [aged(number, busy.id) for number in (4, 5, 6, 7)]
    await stock.apply(IngestPlan(entries=tuple(entries)))
    assert await trim(stock.store) == 1
    assert await stored(stock.store) == [1, 2, 3, 5, 6, 7]


async def test_imported_coverage_stays(stock: Stock) -> None:
    feed = await stock.feed("archive", state=FeedState.ARCHIVE)
    await stock.apply(IngestPlan(entries=tuple(aged(number, feed.id) for number in (1, 2, 3))))
    assert await trim(stock.store) == 0


async def test_an_old_date_alone_is_no_age(stock: Stock) -> None:
    """A new feed brings articles of years ago: they count from when they were first seen."""
    feed = await stock.feed()
    await stock.apply(
        IngestPlan(entries=tuple(new_entry(number, feed_id=feed.id, published_at=OLD) for number in (1, 2, 3)))
    )
    assert await trim(stock.store) == 0


async def tell_old(stock: Stock) -> tuple[Chat, Chat]:
    """An old story of entry 1, linked to entry 2 and told in two chats."""
    feed, one, two = await stock.feed(), await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(one)
    deliveries = [NewDelivery(chat.id, 1, 1, Action.ALERT, ("Arms",), OLD) for chat in (one, two)]
    await stock.apply(
        IngestPlan(
            entries=(aged(1, feed.id, "kim"), aged(2, feed.id, "kim"), aged(3, feed.id, days=1)),
            matches=(match(1, topic.id),),
            stories=(story(1, 1),),
            members=((1, 1),),
            links=(link(1, 1, entry_id=2),),
            alerts=(alert(1, 1, 1),),
            deliveries=tuple(deliveries),
        )
    )
    return one, two


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.UNKNOWN, DeliveryState.PENDING])
async def test_what_somebody_is_yet_to_be_told_stays(stock: Stock, state: DeliveryState) -> None:
    await tell_old(stock)
    first, second = await stock.claim()
    await stock.store.finish_delivery(first.delivery, Outcome(DeliveryState.SENT, ref=message(1), at=OLD))
    await stock.store.finish_delivery(second.delivery, Outcome(state, error="no", not_before=at(9)))
    assert await trim(stock.store) == 1
    assert await stored(stock.store) == [1, 3]
    assert (await stock.store.missed_deliveries(now=at(0), limit=9)).total == 1


async def test_a_story_whose_entries_are_gone_keeps_what_it_says(stock: Stock) -> None:
    one, _ = await tell_old(stock)
    await stock.send()
    assert await trim(stock.store) == 2
    assert await stored(stock.store) == [3]
    view = await stock.store.story_view(one.id, 1)
    assert view is not None
    assert view.alert == alert(1, 1, 1)
    assert await stock.store.story_links(1) == (link(1, 1, entry_id=2),)
    assert await stock.store.story_entries(1) == ()
    assert len(await stock.store.story_deliveries(one.id, 1)) == 1
    # The story goes on where an entry joins it.
    async with stock.store.ingest() as unit:
        context = await unit.context(feed_id=1, topic_ids=(), story_ids=(1,))
    assert context.members.get(1, ()) == ()
    assert await stock.store.faults() == ()


async def test_a_key_is_forgotten_after_its_entry_and_not_before_its_time(stock: Stock) -> None:
    feed = await stock.feed()
    for number, days in enumerate((1000, 800, 750, 1), start=1):
        await stock.apply(IngestPlan(entries=(aged(number, feed.id, days=days),)))
    assert await forget(stock.store, before=at(-180 * DAY)) == 0  # every entry is still there
    assert await trim(stock.store) == 3
    assert await forget(stock.store, before=at(-780 * DAY), limit=1) == 2
    assert set(await stock.store.seen(["k1", "k2", "k3", "k4"])) == {"k3", "k4"}


async def test_a_key_seen_again_lives_on(stock: Stock) -> None:
    feed = await stock.feed()
    for number in (1, 2, 3):
        await stock.apply(IngestPlan(entries=(aged(number, feed.id),)))
    await trim(stock.store)
    await stock.apply(IngestPlan(poll=poll(feed.id, minutes=-DAY), seen=(SeenKey("k1", 1),)))
    assert await forget(stock.store, before=at(-180 * DAY)) == 1
    assert set(await stock.store.seen(["k1", "k2", "k3"])) == {"k1", "k3"}


# ------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        pytest.param(
            "UPDATE sequences SET value = 7 WHERE name = 'entries'", "7 entries in the running count", id="count"
        ),
        pytest.param("DELETE FROM fingerprints", "0 fingerprints", id="fingerprints"),
        pytest.param("UPDATE terms SET entries = 5", "5 in the table of terms", id="terms"),
    ],
)
async def test_what_does_not_add_up_is_found(url: str, harm: str, says: str) -> None:
    stock = Stock(await open_store(url))
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=(new_entry(1, "kim", feed_id=feed.id),)))
    assert await stock.store.faults() == ()
    database = Database(parse_url(url))
    async with database.write() as conn:
        await conn.execute(text(harm))
    await database.close()
    (fault,) = await stock.store.faults()
    assert says in fault
    await stock.store.close()


# ------------------------------------------------------------ figures


async def test_lags_are_measured_from_publication_and_from_first_sight(stock: Stock) -> None:
    feed, chat = await stock.feed(), await stock.chat()
    entries = [
        new_entry(number, feed_id=feed.id, minutes=number, published_at=at(number - 1)) for number in range(1, 11)
    ]
    entries.append(new_entry(11, feed_id=feed.id, minutes=11))
    await stock.apply(
        IngestPlan(
            entries=tuple(entries),
            stories=tuple(story(number, number) for number in range(1, 12)),
            alerts=tuple(alert(number, number, number) for number in range(1, 12)),
            deliveries=tuple(NewDelivery(chat.id, n, n, Action.ALERT, ("Arms",), at(0)) for n in range(1, 12)),
        )
    )
    for minutes in range(20, 31):
        await stock.send(minutes)
    status = await stock.store.status(since=at(0))
    # Each was sent 19 minutes after it was first seen, and all but one were a minute old by then.
    assert status.lags == Lags(11, (1200.0, 1200.0), (1140.0, 1140.0))
    assert (await stock.store.status(chat.id, since=at(29))).lags == Lags(2, (1200.0, 1200.0), (1140.0, 1140.0))
    assert (await stock.store.status(since=at(0) + timedelta(days=1))).lags == Lags(0, None, None)
    assert (await stock.store.status()).lags is None


async def test_the_slowest_of_twenty_is_beyond_the_95th_percentile(stock: Stock) -> None:
    feed, chats = await stock.feed(), [await stock.chat(str(number)) for number in range(20)]
    await stock.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id),), stories=(story(1, 1),)))
    await stock.told(*chats)
    claimed = await stock.claim()
    for number, one in enumerate(claimed):
        late = at(60 if number == 0 else 1)
        await stock.store.finish_delivery(one.delivery, Outcome(DeliveryState.SENT, ref=message(number), at=late))
    lags = (await stock.store.status(since=at(0))).lags
    assert lags == Lags(20, None, (60.0, 60.0))


async def test_feeds_are_counted_by_health(stock: Stock) -> None:
    outcomes: dict[str, dict[str, Any]] = {
        "a": {},
        "b": {},
        "c": {"failures": 3, "error": "down"},
        "d": {"state": FeedState.GONE},
    }
    for name, outcome in outcomes.items():
        feed = await stock.feed(name)
        await stock.store.record_poll(poll(feed.id, **outcome))
    await stock.feed("e")
    await stock.feed("archive", state=FeedState.ARCHIVE)
    status = await stock.status()
    assert status.feed_health == {"well": 2, "failing": 1, "gone": 1, "new": 1}
    assert (status.feeds, status.feeds_failing) == (5, 1)


async def test_feeds_are_overdue_until_they_are_polled(stock: Stock) -> None:
    for name, minutes in (("a", 10), ("b", 20), ("later", 31)):
        await stock.store.record_poll(poll((await stock.feed(name)).id, next_poll_at=at(minutes)))
    await stock.store.record_poll(poll((await stock.feed("gone")).id, next_poll_at=at(5), state=FeedState.GONE))
    unread = await stock.feed("nobody's", shared=False)
    await stock.store.record_poll(poll(unread.id, next_poll_at=at(5)))
    (claimed,) = await stock.store.claim_due_feeds(now=at(30), lease_s=60, limit=1)
    status = await stock.store.status(now=at(30))
    assert (status.feeds_overdue, status.oldest_due_at) == (2, at(10)), "what is being polled is late still"
    await stock.store.record_poll(poll(claimed.id, minutes=30))
    status = await stock.store.status(now=at(30))
    assert (status.feeds_overdue, status.oldest_due_at) == (1, at(20))
    status = await stock.store.status(now=at(15))
    assert (status.feeds_overdue, status.oldest_due_at) == (0, None)


async def test_imported_coverage_has_a_newest_entry(stock: Stock) -> None:
    feed, chat = await stock.feed("archive", state=FeedState.ARCHIVE), await stock.chat()
    await stock.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id, published_at=at(-60)),)))
    assert (await stock.status()).last_entry_at == at(-60)
    assert (await stock.status(chat)).last_entry_at == at(-60)


async def test_what_may_have_been_sent_and_waits_is_ambiguous(stock: Stock) -> None:
    await stock.told(await stock.chat("1"), await stock.chat("2"))
    first, _ = await stock.claim()
    await stock.store.finish_delivery(first.delivery, Outcome(DeliveryState.PENDING, maybe_sent=True, not_before=at(9)))
    assert (await stock.status()).ambiguous == 1
