"""The store's contract: hubs, when to ask them, and feeds that are due because a hub called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import FeedState, HubSubscription
from tests.store.stock import LEASE_S, Stock, at, poll

if TYPE_CHECKING:
    from bot.store.port import Store

FIRST_S, MOST_S = 600.0, 86_400.0


def hub_for(feed_id: int, hub: str = "https://hub.example/", name: str = "token") -> HubSubscription:
    return HubSubscription(feed_id, hub, "https://news.example/feed", f"{name}-{feed_id}", f"hush-{name}", ask_at=at(0))


async def claimed(store: Store, minutes: float) -> list[tuple[int, int]]:
    """The feeds whose hubs are to be asked then, and how often each was asked in vain."""
    found = await store.claim_hubs(now=at(minutes), first_s=FIRST_S, most_s=MOST_S, limit=10)
    return [(one.feed_id, one.tries) for one in found]


async def test_what_is_announced_again_stays_as_it_was_agreed(stock: Stock) -> None:
    store, feed = stock.store, await stock.feed()
    first = hub_for(feed.id)
    await store.announce_hub(first)
    await store.announce_hub(hub_for(feed.id, name="other"))
    assert await store.hub_of(feed.id) == await store.hub_by_token(first.token) == first
    moved = hub_for(feed.id, hub="https://new.example/", name="new")
    await store.announce_hub(moved)
    assert await store.hub_of(feed.id) == moved
    assert await store.hub_by_token(first.token) is None
    await store.forget_hub(feed.id)
    assert await store.hub_of(feed.id) is None


async def test_a_hub_that_does_not_confirm_is_asked_ever_more_seldom(stock: Stock) -> None:
    store, feed = stock.store, await stock.feed()
    await store.announce_hub(hub_for(feed.id))
    assert await claimed(store, 0) == [(feed.id, 0)]
    assert await claimed(store, 9) == []
    assert await claimed(store, 10) == [(feed.id, 1)]
    assert await claimed(store, 29) == []
    assert await claimed(store, 30) == [(feed.id, 2)]
    minutes = 30.0
    for _ in range(20):
        minutes += MOST_S / 60
        assert len(await claimed(store, minutes)) == 1


async def test_a_confirmed_hub_is_asked_again_before_its_promise_ends(stock: Stock) -> None:
    store, feed = stock.store, await stock.feed()
    await store.announce_hub(hub_for(feed.id))
    await claimed(store, 0)
    await store.confirm_hub(f"token-{feed.id}", until=at(100), ask_at=at(80))
    confirmed = await store.hub_of(feed.id)
    assert confirmed is not None
    assert (confirmed.lease_until, confirmed.tries) == (at(100), 0)
    assert await claimed(store, 79) == []
    assert await claimed(store, 80) == [(feed.id, 0)]
    await store.refuse_hub(f"token-{feed.id}", ask_at=at(2000))
    assert await claimed(store, 1999) == []


async def test_hubs_of_feeds_that_serve_nobody_are_neither_asked_nor_known(stock: Stock) -> None:
    store, unread, gone = stock.store, await stock.feed("unread", shared=False), await stock.feed("gone")
    for feed in (unread, gone):
        await store.announce_hub(hub_for(feed.id))
    await store.record_poll(poll(gone.id, state=FeedState.GONE, failures=1, error="410"))
    assert await claimed(store, 0) == []
    assert await store.hub_by_token(f"token-{unread.id}") is None
    assert await store.hub_by_token(f"token-{gone.id}") is None
    chat = await stock.chat("1")
    await store.follow(chat.id, unread.id)
    assert await claimed(store, 0) == [(unread.id, 0)]


async def test_a_call_makes_the_feed_due_unless_it_is_being_polled(stock: Stock) -> None:
    store, feed = stock.store, await stock.feed()
    await store.announce_hub(hub_for(feed.id))
    await store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=1)
    assert not await store.hasten_feed(feed.id, now=at(0.5), pushed=True)
    await store.record_poll(poll(feed.id, minutes=1))
    assert await store.due_feeds(now=at(2), limit=1) == ()
    assert await store.hasten_feed(feed.id, now=at(2), pushed=True)
    assert await store.due_feeds(now=at(2), limit=1) == (feed.id,)
    called = await store.hub_of(feed.id)
    assert called is not None
    assert called.pushed_at == at(2)


async def test_a_feed_that_its_hub_called_for_comes_before_all_that_is_overdue_until_it_is_polled(stock: Stock) -> None:
    store = stock.store
    overdue, pushed, quiet = [await stock.feed(name) for name in ("overdue", "pushed", "quiet")]
    for feed, minutes in ((overdue, 2), (pushed, 50), (quiet, 5)):
        await store.announce_hub(hub_for(feed.id))
        await store.record_poll(poll(feed.id, minutes=1, next_poll_at=at(minutes), baselined=True))
    assert await store.hasten_feed(pushed.id, now=at(10), pushed=True)
    new = await stock.feed("new")
    assert await store.due_feeds(now=at(11), limit=9) == (new.id, pushed.id, overdue.id, quiet.id)
    assert [feed.id for feed in await store.claim_due_feeds(now=at(11), lease_s=1, limit=2)] == [new.id, pushed.id]
    await store.record_poll(poll(new.id, minutes=12, next_poll_at=at(90)))
    await store.record_poll(poll(pushed.id, minutes=12, next_poll_at=at(20)))
    claimed = await store.claim_due_feeds(now=at(30), lease_s=1, limit=9)
    assert [feed.id for feed in claimed] == [overdue.id, quiet.id, pushed.id]
