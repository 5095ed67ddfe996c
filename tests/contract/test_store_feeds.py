"""The store's contract: feeds, whom they serve, their leases and their polls."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import UNSAVED, Feed, FeedState
from bot.store.sql import open_store
from tests.store.stock import LEASE_S, Stock, at, poll

if TYPE_CHECKING:
    from bot.store.port import Store


async def test_a_feed_is_stored_whole_and_stands_once(store: Store) -> None:
    feed = Feed(
        id=UNSAVED,
        url="https://example.org/лента?" + "x" * 1900 + "я" * 60,
        title="Лента",
        next_poll_at=at(3),
        lang="ru",
        etag='W/"1"',
        last_modified="Wed, 19 Jun 2024 08:30:00 GMT",
        interval_s=1234,
        baselined=True,
        failures=2,
        last_error="time-out",
        last_polled_at=at(1),
        last_entry_at=at(-1),
    )
    added = await store.add_feed(feed)
    assert added == dataclasses.replace(feed, id=added.id)
    assert await store.feed(added.id) == await store.feed_at(feed.url) == added
    again = await store.add_feed(dataclasses.replace(feed, title="Other", shared=True))
    assert again == dataclasses.replace(added, shared=True)
    assert await store.add_feed(feed) == again
    assert await store.feed(added.id + 1) is None
    assert await store.feed_at("https://example.org/") is None


async def test_a_gone_feed_that_answers_again_is_polled_again(stock: Stock) -> None:
    feed = await stock.feed()
    await stock.store.record_poll(poll(feed.id, state=FeedState.GONE, failures=1, error="410"))
    assert await stock.store.polled_feeds() == ()
    revived = await stock.feed(minutes=20)
    assert (revived.id, revived.state, revived.next_poll_at, revived.failures) == (feed.id, FeedState.ACTIVE, at(20), 0)


@pytest.mark.parametrize(
    ("before", "anew"),
    [
        pytest.param("shared", False, id="serves-everybody"),
        pytest.param("followed", False, id="serves-a-chat"),
        pytest.param("left", True, id="unfollowed"),
        pytest.param("stopped", True, id="its-only-chat-has-stopped"),
        pytest.param("gone", True, id="given-up"),
    ],
)
async def test_a_feed_that_was_not_polled_begins_anew_when_it_is_added_again(
    stock: Stock, before: str, *, anew: bool
) -> None:
    chat = await stock.chat()
    feed = await stock.feed(shared=before == "shared", added_at=at(0))
    await stock.store.follow(chat.id, feed.id)
    await stock.store.record_poll(poll(feed.id, etag="one", last_modified="then"))
    if before == "left":
        await stock.store.unfollow(chat.id, feed.id)
    elif before == "stopped":
        await stock.store.set_chat_active(chat.id, active=False)
    elif before == "gone":
        await stock.store.record_poll(poll(feed.id, state=FeedState.GONE, failures=1, error="410"))
    again = await stock.feed(shared=before == "shared", added_at=at(60))
    assert again.id == feed.id
    beginning = (False, None, None, at(60)) if anew else (True, "one", "then", at(0))
    assert (again.baselined, again.etag, again.last_modified, again.added_at) == beginning


async def test_a_feed_serves_the_chats_that_follow_it(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    private = await stock.feed("private", shared=False)
    shared = await stock.feed("shared")
    await stock.feed("archive", state=FeedState.ARCHIVE)
    assert await stock.store.polled_feeds() == (shared,)
    await stock.store.follow(one.id, private.id)
    await stock.store.follow(one.id, private.id)
    assert await stock.store.feeds_of(one.id) == (private, shared)
    assert await stock.store.feeds_of(other.id) == (shared,)
    assert await stock.store.polled_feeds() == (private, shared)
    assert not await stock.store.unfollow(other.id, private.id)
    assert await stock.store.unfollow(one.id, private.id)
    assert await stock.store.polled_feeds() == (shared,)


async def test_due_feeds_come_longest_overdue_first_and_once_a_lease(stock: Stock) -> None:
    late = await stock.feed("late", minutes=-30)
    later = await stock.feed("later", minutes=-60)
    await stock.feed("future", minutes=1)
    await stock.feed("nobody", shared=False, minutes=-90)
    await stock.feed("archive", minutes=-90, state=FeedState.ARCHIVE)

    async def due(minutes: float, limit: int = 9) -> list[int]:
        claimed = await stock.store.claim_due_feeds(now=at(minutes), lease_s=LEASE_S, limit=limit)
        return [feed.id for feed in claimed]

    assert await due(0, limit=1) == [later.id]
    assert await due(0) == [late.id]
    assert await due(0.5) == []
    await stock.store.record_poll(poll(later.id, minutes=0.5))
    assert await due(0.9) == []
    assert await due(1) == [late.id, 3]
    assert await due(16) == [late.id, 3, later.id]


async def test_pollers_at_once_never_get_the_same_feed(url: str) -> None:
    stores = [await open_store(url), await open_store(url)]
    for number in range(30):
        await Stock(stores[0]).feed(str(number))
    claims = (store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=4) for store in stores for _ in range(5))
    claimed = [feed.id for feeds in await asyncio.gather(*claims) for feed in feeds]
    assert len(claimed) == len(set(claimed)) > 20
    for store in stores:
        await store.close()


async def test_a_feed_of_a_chat_that_left_is_not_polled(stock: Stock) -> None:
    chat = await stock.chat()
    feed = await stock.feed(shared=False)
    await stock.store.follow(chat.id, feed.id)
    await stock.store.set_chat_active(chat.id, active=False)
    assert await stock.store.polled_feeds() == ()
    assert await stock.store.claim_due_feeds(now=at(0), lease_s=LEASE_S, limit=9) == ()
    assert await stock.store.feeds_of(chat.id) == (feed,)


async def test_a_poll_is_recorded_and_what_it_did_not_learn_stays(stock: Stock) -> None:
    feed = await stock.feed(etag="old", last_modified="then", lang="en")
    await stock.store.record_poll(
        poll(feed.id, minutes=3, interval_s=600, failures=4, error="503", baselined=False, state=FeedState.ACTIVE)
    )
    expected = dataclasses.replace(
        feed,
        next_poll_at=at(18),
        interval_s=600,
        failures=4,
        last_error="503",
        last_polled_at=at(3),
        failing_since=at(3),
    )
    assert await stock.store.feed(feed.id) == expected
    await stock.store.record_poll(poll(feed.id, minutes=4, etag="new", title="Neu", lang="de", url="https://b.org/"))
    assert await stock.store.feed_at("https://b.org/") == dataclasses.replace(
        feed,
        url="https://b.org/",
        title="Neu",
        lang="de",
        etag="new",
        baselined=True,
        next_poll_at=at(19),
        last_polled_at=at(4),
    )
    assert await stock.store.feed_at(feed.url) is None


async def test_many_polls_are_recorded_as_each_would_be(stock: Stock) -> None:
    outcomes: list[dict[str, Any]] = [
        {},
        {"minutes": 2, "interval_s": 1200},
        {"etag": "new"},
        {"etag": "new", "last_modified": "now", "title": "Neu", "lang": "de"},
        {"failures": 3, "error": "503"},
        {"document": b"kept"},
        {"moved_to": "https://c.org/", "moved_times": 1},
        {"flooded": True},
        {"state": FeedState.GONE, "failures": 1, "error": "410"},
        {"url": "https://d.org/"},
    ]
    one_by_one = [await stock.feed(f"a{n}", etag="old", failures=1) for n in range(len(outcomes))]
    together = [await stock.feed(f"b{n}", etag="old", failures=1) for n in range(len(outcomes))]
    for feed, outcome in zip(one_by_one, outcomes, strict=True):
        await stock.store.record_poll(
            poll(feed.id, **{**outcome, **({"url": "https://e.org/"} if "url" in outcome else {})})
        )
    polls = [poll(feed.id, **outcome) for feed, outcome in zip(together, outcomes, strict=True)]
    await stock.store.record_polls([*polls[5:], *polls[:5]])
    for first, second in zip(one_by_one, together, strict=True):
        kept, other = await stock.store.feed(first.id), await stock.store.feed(second.id)
        assert kept is not None
        assert other is not None
        assert other == dataclasses.replace(
            kept, id=other.id, url=other.url, title=kept.title.replace("Feed a", "Feed b")
        )
        documents = await stock.store.feed_documents([first.id, second.id])
        assert documents.get(first.id) == documents.get(second.id)
    await stock.store.record_polls([])


async def test_many_polls_are_recorded_or_none(stock: Stock) -> None:
    feed = await stock.feed("a", etag="old")
    impossible = poll(feed.id + 1000, document=b"of no feed")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await stock.store.record_polls([poll(feed.id, etag="new"), impossible])
    assert await stock.store.feed(feed.id) == feed


async def test_a_feed_that_moves_onto_another_hands_its_chats_over(stock: Stock) -> None:
    chat, feed, other = await stock.chat("1"), await stock.feed("a", shared=False), await stock.feed("b", shared=False)
    await stock.store.follow(chat.id, feed.id)
    await stock.store.record_poll(poll(feed.id, url=other.url, etag="new"))
    kept = await stock.store.feed(feed.id)
    assert kept is not None
    assert (kept.url, kept.state) == (feed.url, FeedState.MOVED)
    assert [each.id for each in await stock.store.feeds_of(chat.id)] == [other.id]
    assert await stock.store.serves(chat.id, feed.id)
    assert [each.id for each in await stock.store.polled_feeds()] == [other.id]
    # It comes back to life only where somebody adds it anew, and it answers.
    assert (await stock.feed("a", shared=False)).state is FeedState.ACTIVE


async def test_a_shared_feed_that_moves_makes_the_other_shared(stock: Stock) -> None:
    feed, other = await stock.feed("a"), await stock.feed("b", shared=False)
    await stock.store.record_poll(poll(feed.id, url=other.url))
    assert [(each.id, each.shared) for each in await stock.store.polled_feeds()] == [(other.id, True)]


async def test_a_feed_that_was_given_up_lives_again_where_another_moves_onto_it(stock: Stock) -> None:
    feed, other = await stock.feed("a"), await stock.feed("b", shared=False)
    await stock.store.record_poll(poll(other.id, state=FeedState.GONE, failures=1, error="410"))
    await stock.store.record_poll(poll(feed.id, url=other.url))
    revived = await stock.store.feed(other.id)
    assert revived is not None
    assert (revived.state, revived.failures, revived.shared) == (FeedState.ACTIVE, 0, True)
    # And back again: nobody is left without a feed.
    await stock.store.record_poll(poll(other.id, url=feed.url))
    assert [each.id for each in await stock.store.polled_feeds()] == [feed.id]


async def test_what_is_remembered_of_a_document_goes_with_the_poll(stock: Stock) -> None:
    feed = await stock.feed()
    assert await stock.store.feed_documents([feed.id]) == {}
    await stock.store.record_poll(poll(feed.id, document=b"\x00one"))
    await stock.store.record_poll(poll(feed.id))
    assert await stock.store.feed_documents([feed.id]) == {feed.id: b"\x00one"}
    moved = poll(feed.id, document=b"two", moved_to="https://c.org/", moved_times=2, flooded=True)
    await stock.store.record_poll(moved)
    assert await stock.store.feed_documents([feed.id]) == {feed.id: b"two"}
    marked = await stock.store.feed(feed.id)
    assert marked is not None
    assert (marked.moved_to, marked.moved_times, marked.flooded_at) == ("https://c.org/", 2, marked.last_polled_at)
    await stock.store.record_poll(poll(feed.id))
    later = await stock.store.feed(feed.id)
    assert later is not None
    assert (later.moved_to, later.moved_times, later.flooded_at) == (None, 0, marked.flooded_at)
