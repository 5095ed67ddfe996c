"""The store's contract: chats, topics, values, figures, isolation. Run on SQLite (file, memory) and PostgreSQL."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import CommandError
from bot.model import (
    UNSAVED,
    Action,
    Address,
    ChatConcept,
    DeliveryState,
    Feed,
    Hold,
    IngestPlan,
    Platform,
    Sensitivity,
    Subscription,
    Topic,
    TopicChanges,
)
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import LEASE_S, START, Stock, at, match, message, new_entry, poll, story

if TYPE_CHECKING:
    from bot.model import Chat
    from bot.store.port import Store


# ------------------------------------------------------------ chats


async def test_a_chat_is_made_on_first_contact_and_found_afterwards(store: Store) -> None:
    address = Address(Platform.SLACK, "C1", thread="17.5")
    chat = await store.chat_at(address, title="general", now=START)
    assert (chat.address, chat.title, chat.created_at, chat.active) == (
        Address(Platform.SLACK, "C1"),
        "general",
        START,
        True,
    )
    assert await store.chat_at(Address(Platform.SLACK, "C1"), title="general", now=at(5)) == chat
    assert await store.chat(chat.id) == chat
    assert await store.chat(chat.id + 1) is None


async def test_equal_addresses_on_two_platforms_are_two_chats(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("1", platform=Platform.SLACK)
    assert one.id != other.id


async def test_a_new_title_is_kept_and_an_empty_one_is_not(store: Store) -> None:
    address = Address(Platform.TELEGRAM, "1")
    await store.chat_at(address, title="old", now=START)
    assert (await store.chat_at(address, title="new", now=START)).title == "new"
    assert (await store.chat_at(address, title="", now=START)).title == "new"


async def test_contact_makes_a_chat_active_again(stock: Stock) -> None:
    chat = await stock.chat()
    await stock.store.set_chat_active(chat.id, active=False)
    known = await stock.store.chat(chat.id)
    assert known is not None
    assert not known.active
    assert await stock.chat() == chat


async def test_a_chat_moves_to_a_new_address(stock: Stock) -> None:
    chat = await stock.chat("-1")
    await stock.topic(chat)
    await stock.store.move_chat(chat.id, Address(Platform.TELEGRAM, "-100"))
    moved = await stock.chat("-100")
    assert moved.id == chat.id
    assert [topic.name for topic in await stock.store.topics_of(chat.id)] == ["Arms"]
    assert (await stock.chat("-1")).id != chat.id


async def test_a_move_onto_another_chat_merges_the_two(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    feed = await stock.feed("private", shared=False)
    shared = await stock.topic(None, "World")
    for chat in (old, new):
        await stock.topic(chat, "Arms")
        await stock.store.subscribe(Subscription(chat.id, shared.id, at(0)))
        await stock.store.follow(chat.id, feed.id)
    await stock.topic(new, "Trade")
    await stock.told(old, new, story_id=1)
    await stock.told(new, story_id=2)

    await stock.store.move_chat(old.id, Address(Platform.TELEGRAM, "-100"))

    assert await stock.store.chat(new.id) is None
    assert (await stock.chat("-100")).id == old.id
    names = [topic.name for topic in await stock.store.topics_of(old.id)]
    assert names == ["World", "Arms", "Arms (2)", "Trade"]
    assert len(await stock.store.subscriptions_of(old.id)) == 4
    assert [feed.id for feed in await stock.store.feeds_of(old.id)] == [feed.id]
    waiting = await stock.store.deliveries(old.id, states=[DeliveryState.PENDING], limit=9)
    assert [one.story_id for one in waiting] == [2, 1]


async def test_a_merge_keeps_the_delivery_that_was_sent_and_interrupts_the_other_send(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    await stock.told(new, story_id=1)
    await stock.send()
    alert_id = await stock.told(old, new, story_id=2)
    by_chat = {claimed.chat.id: claimed for claimed in await stock.claim()}
    await stock.store.move_chat(old.id, Address(Platform.TELEGRAM, "-100"))
    kept = await stock.store.deliveries(old.id, states=list(DeliveryState), limit=9)
    assert [(one.story_id, one.state) for one in kept] == [(2, DeliveryState.SENDING), (1, DeliveryState.SENT)]
    assert kept[0].id == by_chat[old.id].delivery.id
    assert kept[0].alert_id == alert_id


@pytest.mark.parametrize("in_doubt", [0, 1])
async def test_a_merge_keeps_the_doubt_about_either_copy(stock: Stock, in_doubt: int) -> None:
    """The target is the chat that moves; the other copy of the two is claimed by now, but has not left."""
    chats = await stock.chat("-1"), await stock.chat("-100")
    await stock.told(*chats)
    by_chat = {claimed.chat.id: claimed.delivery for claimed in await stock.claim()}
    doubted = by_chat[chats[in_doubt].id]
    await stock.store.begin_delivery(doubted, now=at(0), lease_s=LEASE_S)
    assert await stock.store.finish_delivery(doubted, Outcome(DeliveryState.PENDING, maybe_sent=True, not_before=at(1)))
    await stock.store.move_chat(chats[0].id, Address(Platform.TELEGRAM, "-100"))
    (again,) = await stock.claim(2)
    assert again.delivery.maybe_sent


async def test_a_merge_keeps_the_doubt_about_a_digest_on_its_way(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    await stock.told(old, new)
    held = Outcome(DeliveryState.HELD, held_for=Hold.QUIET, not_before=at(1))
    for claimed in await stock.claim():
        sent = Outcome(DeliveryState.SENT, ref=message(5, chat="-100"), at=at(0))
        await stock.store.finish_delivery(claimed.delivery, held if claimed.chat == old else sent)
    await stock.told(old, story_id=2)
    (second,) = await stock.claim()
    await stock.store.finish_delivery(second.delivery, held)
    parts = sorted(one.id for one in await stock.store.deliveries(old.id, states=[DeliveryState.HELD], limit=9))
    assert await stock.store.bundle(old.id, {each: place for place, each in enumerate(parts)}, size=2, now=at(1))
    (digest,) = await stock.claim(1)
    assert await stock.store.begin_delivery(digest.delivery, now=at(1), lease_s=LEASE_S)
    await stock.store.move_chat(old.id, Address(Platform.TELEGRAM, "-100"))
    assert not await stock.store.finish_delivery(digest.delivery, Outcome(DeliveryState.SENT, at=at(1)))
    left = await stock.store.deliveries(old.id, states=list(DeliveryState), limit=9)
    assert [(one.story_id, one.state, one.maybe_sent) for one in left] == [
        (2, DeliveryState.HELD, True),
        (1, DeliveryState.SENT, False),
    ]


async def test_ids_of_merged_chats_are_never_used_again(stock: Stock) -> None:
    old, new = await stock.chat("-1"), await stock.chat("-100")
    await stock.store.move_chat(old.id, new.address)
    assert (await stock.chat("-7")).id > new.id


# ------------------------------------------------------------ topics


async def test_a_topic_is_found_by_name_ignoring_case(stock: Stock) -> None:
    chat = await stock.chat()
    topic = await stock.topic(chat, "Россия — КНДР")
    assert topic.id != UNSAVED
    assert await stock.store.topic_named(chat.id, "россия — кндр") == topic
    assert await stock.store.topic_named(chat.id, "россия") is None


async def test_a_name_stands_once_in_a_chat_and_once_among_the_shared(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    await stock.topic(one, "Arms")
    await stock.topic(other, "Arms")
    await stock.topic(None, "World")
    for owner, name in ((one, "ARMS"), (None, "world")):
        with pytest.raises(CommandError, match="already"):
            await stock.topic(owner, name)


async def test_the_own_topic_hides_a_shared_one_of_the_same_name(stock: Stock) -> None:
    chat = await stock.chat()
    shared = await stock.topic(None, "Arms")
    assert await stock.store.topic_named(chat.id, "arms") == shared
    own = await stock.topic(chat, "ARMS")
    assert await stock.store.topic_named(chat.id, "arms") == own
    assert await stock.store.topics_of(chat.id) == (shared, own)


async def test_a_topic_changes(stock: Stock) -> None:
    chat = await stock.chat()
    topic = await stock.topic(chat)
    await stock.topic(chat, "Trade")
    changed = dataclasses.replace(
        topic, name="Weapons", query="@arms", sensitivity=Sensitivity.STRICT, paused=True, created_at=at(9)
    )
    await stock.store.replace_topic(changed)
    expected = dataclasses.replace(changed, created_at=topic.created_at)
    assert await stock.store.topic_named(chat.id, "weapons") == expected
    with pytest.raises(CommandError, match="already"):
        await stock.store.replace_topic(dataclasses.replace(changed, name="trade"))


async def test_a_topic_cannot_be_changed_in_another_chats_name(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(one)
    await stock.store.replace_topic(dataclasses.replace(topic, chat_id=other.id, query="stolen"))
    assert await stock.store.topics_of(one.id) == (topic,)


async def test_removing_a_topic_keeps_what_was_sent(stock: Stock) -> None:
    chat = await stock.chat()
    feed = await stock.feed()
    topic = await stock.topic(chat)
    await stock.apply(IngestPlan(entries=(new_entry(1, feed_id=feed.id),), matches=(match(1, topic.id),)))
    await stock.told(chat)
    await stock.send()
    await stock.store.remove_topic(topic.id)
    assert await stock.store.topics_of(chat.id) == ()
    assert await stock.store.subscriptions_of(chat.id) == ()
    assert await stock.store.story_matches(chat.id, 1) == ()
    sent = await stock.store.deliveries(chat.id, states=[DeliveryState.SENT], limit=9)
    assert [one.topics for one in sent] == [("Arms",)]
    assert (await stock.topic(chat)).id > topic.id


async def test_subscriptions_come_and_go(stock: Stock) -> None:
    chat = await stock.chat()
    topic = await stock.topic(chat, subscribed=False)
    subscription = Subscription(chat.id, topic.id, at(1))
    await stock.store.subscribe(subscription)
    await stock.store.subscribe(dataclasses.replace(subscription, created_at=at(2)))
    assert await stock.store.subscriptions_of(chat.id) == (subscription,)
    assert await stock.store.unsubscribe(chat.id, topic.id)
    assert not await stock.store.unsubscribe(chat.id, topic.id)
    assert await stock.store.subscriptions_of(chat.id) == ()


async def test_a_topic_may_come_with_its_subscription(stock: Stock) -> None:
    chat = await stock.chat()
    before = await stock.store.topics_version()
    topic = await stock.store.add_topic(Topic(UNSAVED, chat.id, "Fish", "fish", at(1)), alerts=True)
    assert await stock.store.subscriptions_of(chat.id) == (Subscription(chat.id, topic.id, at(1)),)
    assert await stock.store.topics_version() > before


async def test_another_chats_topic_cannot_be_subscribed_to(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(one)
    with pytest.raises(CommandError):
        await stock.store.subscribe(Subscription(other.id, topic.id, at(0)))


async def test_watched_are_topics_that_somebody_active_wants(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    wanted = await stock.topic(one, "wanted")
    paused = await stock.topic(one, "paused")
    await stock.store.replace_topic(dataclasses.replace(paused, paused=True))
    await stock.topic(one, "unwanted", subscribed=False)
    left = await stock.topic(other, "left")
    assert await stock.store.watched_topics() == (wanted, left)
    await stock.store.set_chat_active(other.id, active=False)
    assert await stock.store.watched_topics() == (wanted,)


async def test_every_change_of_what_is_watched_raises_the_version(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(chat, subscribed=False)
    changes = {
        "add": stock.topic(chat, "Trade"),
        "replace": stock.store.replace_topic(dataclasses.replace(topic, query="x")),
        "subscribe": stock.store.subscribe(Subscription(chat.id, topic.id, at(0))),
        "leave": stock.store.set_chat_active(chat.id, active=False),
        "return": stock.chat("1"),
        "unsubscribe": stock.store.unsubscribe(chat.id, topic.id),
        "remove": stock.store.remove_topic(topic.id),
        "merge": stock.store.move_chat(chat.id, other.address),
    }
    for name, change in changes.items():
        before = await stock.store.topics_version()
        await change
        assert await stock.store.topics_version() > before, name
    version = await stock.store.topics_version()
    async with stock.store.ingest() as unit:
        assert await unit.topics_version() == version
    await stock.chat("2")
    await stock.store.watched_topics()
    assert await stock.store.topics_version() == version


async def test_what_changed_since_a_version_is_read_alone(stock: Stock) -> None:
    chat, other = await stock.chat("1"), await stock.chat("2")
    old, new, gone = [await stock.topic(chat, name) for name in ("Old", "New", "Gone")]
    since = await stock.store.topics_version()
    assert await stock.store.topic_changes(since) == TopicChanges(since, (), frozenset())

    changed = dataclasses.replace(new, query="other")
    await stock.store.replace_topic(changed)
    await stock.store.remove_topic(gone.id)
    added = await stock.topic(other, "Not watched any more")
    await stock.store.unsubscribe(other.id, added.id)
    changes = await stock.store.topic_changes(since)
    assert changes.watched == (changed,)
    assert changes.unwatched == {gone.id, added.id}
    assert changes.version == await stock.store.topics_version()

    await stock.store.set_chat_active(chat.id, active=False)
    assert (await stock.store.topic_changes(changes.version)).unwatched == {old.id, new.id}
    await stock.chat("1")
    await stock.store.put_concept(ChatConcept(chat.id, "shells", ("shell*",)))
    assert (await stock.store.topic_changes(changes.version)).watched == (old, changed)
    assert await stock.store.watched_topics() == (old, changed)


# ------------------------------------------------------------ values


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2024, 6, 19, 23, 59, 59, 999999, tzinfo=UTC), id="the last microsecond"),
        pytest.param(datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), id="before 1970"),
        pytest.param(datetime.min.replace(tzinfo=UTC), id="the first there is"),
        pytest.param(datetime.max.replace(tzinfo=UTC), id="the last there is"),
    ],
)
async def test_datetimes_come_back_exactly(stock: Stock, moment: datetime) -> None:
    feed = await stock.store.add_feed(Feed(UNSAVED, "https://example.org/", "", moment))
    assert feed.next_poll_at == moment
    assert feed.next_poll_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(
            "русский, 한국어, 日本語, 𐐷, e\u0301, \u202e", "русский, 한국어, 日本語, 𐐷, e\u0301, \u202e", id="scripts"
        ),
        pytest.param("a\x00b", "ab", id="NUL"),
        pytest.param("a\ud800b", "a?b", id="lone surrogate"),
        pytest.param("'; DROP TABLE topics; -- %s :x \\", "'; DROP TABLE topics; -- %s :x \\", id="SQL"),
    ],
)
async def test_any_text_is_kept(stock: Stock, given: str, kept: str) -> None:
    chat = await stock.chat()
    await stock.store.add_topic(Topic(UNSAVED, chat.id, "t", given, at(0)))
    feed = await stock.feed()
    words = new_entry(1, given, keys=[given], feed_id=feed.id, text=given)
    evidence = dataclasses.replace(match(1, 1), evidence=())
    await stock.apply(IngestPlan(entries=(words,), matches=(evidence,)))
    assert [topic.query for topic in await stock.store.topics_of(chat.id)] == [kept]
    entry = await stock.store.entry(1)
    assert entry is not None
    assert entry.text == kept
    assert await stock.store.seen([given]) == {given: 1}
    async with stock.store.ingest() as unit:
        assert (await unit.statistics([given])).frequency == {given: 1}
        assert [past.entry.id for past in await unit.candidates([given], before=at(0), limit=5)] == [1]


# ------------------------------------------------------------ figures


async def test_figures_of_the_whole_and_of_one_chat(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    shared, private = await stock.feed("shared"), await stock.feed("private", shared=False)
    await stock.store.follow(other.id, private.id)
    topic = await stock.topic(one)
    await stock.topic(other)
    await stock.apply(
        IngestPlan(
            poll=poll(shared.id, minutes=2),
            entries=(new_entry(1, feed_id=shared.id, minutes=2), new_entry(2, feed_id=private.id)),
            stories=(story(7, 1),),
            members=((7, 1),),
            matches=(match(1, topic.id),),
            counters={"polls": 2, "floods": 1},
        )
    )
    await stock.apply(IngestPlan(counters={"polls": 3}))
    await stock.store.record_poll(poll(private.id, failures=3, error="x"))
    await stock.told(other, story_id=8, minutes=-7)
    await stock.told(one, other, story_id=9, minutes=-5)
    await stock.send()

    whole = await stock.status()
    assert (whole.feeds, whole.feeds_failing, whole.entries, whole.stories) == (2, 1, 2, 3)
    assert (whole.topics, whole.chats) == (2, 2)
    assert whole.outbox == {DeliveryState.SENT: 2, DeliveryState.PENDING: 1}
    assert (whole.oldest_pending_at, whole.last_entry_at) == (at(-5), at(2))
    await stock.store.set_chat_active(other.id, active=False)
    gone = await stock.status()
    assert (gone.outbox, gone.oldest_pending_at) == (whole.outbox, None), "what waits for a chat to come back"
    await stock.store.set_chat_active(other.id, active=True)
    assert whole.counters == {"polls": 5, "floods": 1}

    mine = await stock.status(one)
    assert (mine.feeds, mine.feeds_failing, mine.entries, mine.stories, mine.topics, mine.chats) == (1, 0, 1, 2, 1, 1)
    assert (mine.outbox, mine.oldest_pending_at) == ({DeliveryState.SENT: 1}, None)
    assert mine.last_entry_at == at(2)
    theirs = await stock.status(other)
    assert (theirs.feeds, theirs.feeds_failing, theirs.entries, theirs.stories) == (2, 1, 2, 2)
    assert (theirs.outbox, theirs.counters) == ({DeliveryState.SENT: 1, DeliveryState.PENDING: 1}, {})


async def test_an_empty_store_has_figures_too(stock: Stock) -> None:
    status = await stock.status()
    assert (status.feeds, status.entries, status.outbox, status.last_entry_at, status.counters) == (0, 0, {}, None, {})


async def test_no_chat_sees_anything_of_another(stock: Stock) -> None:
    one, other = await stock.chat("1"), await stock.chat("2")
    topic = await stock.topic(one, "Secret")
    feed = await stock.feed("secret", shared=False)
    await stock.store.follow(one.id, feed.id)
    await stock.apply(
        IngestPlan(
            entries=(new_entry(1, feed_id=feed.id),),
            stories=(story(1, 1),),
            members=((1, 1),),
            matches=(match(1, topic.id),),
        )
    )
    await stock.told(one)
    (sent,) = await stock.send()

    async def seen_by(chat: Chat) -> list[bool]:
        store = stock.store
        return [
            bool(await store.topics_of(chat.id)),
            bool(await store.topic_named(chat.id, "secret")),
            bool(await store.subscriptions_of(chat.id)),
            bool(await store.feeds_of(chat.id)),
            bool(await store.story_view(chat.id, 1)),
            bool(await store.latest_stories(chat.id)),
            bool(await store.latest_stories(chat.id, topic_id=topic.id)),
            bool(await store.story_matches(chat.id, 1)),
            bool(await store.deliveries(chat.id, states=list(DeliveryState), limit=9)),
            bool(await store.delivery_of(chat.id, message(sent.id))),
            bool((await store.status(chat.id)).entries),
            await store.unsubscribe(chat.id, topic.id),
            await store.unfollow(chat.id, feed.id),
        ]

    assert not any(await seen_by(other))
    assert all(await seen_by(one))


# ------------------------------------------------------------ the database itself


async def test_a_store_that_is_opened_again_has_everything(url: str) -> None:
    first = Stock(await open_store(url))
    chat = await first.chat()
    topic = await first.topic(chat)
    feed = await first.feed()
    await first.apply(IngestPlan(entries=(new_entry(1, "朝鲜", keys=["k"], feed_id=feed.id),)))
    await first.told(chat, action=Action.ALERT)
    await first.store.close()

    second = Stock(await open_store(url))
    assert await second.store.topics_of(chat.id) == (topic,)
    assert await second.store.feeds_of(chat.id) == (feed,)
    async with second.store.ingest() as unit:
        assert await unit.seen(["k"]) == {"k": 1}
        assert [past.entry.id for past in await unit.candidates(["朝鲜"], before=at(0), limit=5)] == [1]
        ids = await unit.next_ids()
        assert (ids.entry, ids.story, ids.alert) == (2, 2, 2)
    assert [claimed.chat for claimed in await second.claim()] == [chat]
    await second.store.close()


async def test_a_chat_is_looked_up_without_being_made_or_woken(stock: Stock) -> None:
    chat = await stock.chat("1")
    await stock.store.set_chat_active(chat.id, active=False)
    known = await stock.store.known_chat(replace(chat.address, thread="7"))
    assert known == replace(chat, active=False)
    assert await stock.store.known_chat(replace(chat.address, chat="2")) is None
    assert await stock.store.known_chat(chat.address) == known
