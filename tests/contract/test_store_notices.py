"""What every store owes to notices: said once, claimed once, ended when it is over; and what topics usually bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Address, DeliveryState, IngestPlan, MessageRef, NewNotice, NoticeKind, Platform, Subscription
from bot.store.notices import STALE
from bot.store.port import Outcome
from tests.store.stock import START, Stock, at, match, new_entry, story

if TYPE_CHECKING:
    from bot.model import Notice
    from bot.store.port import ClaimedNotice, Store

QUIET = NewNotice(NoticeKind.QUIET, "1", {"topic": "무기", "days": 9.2, "feeds": 4})
OTHER = NewNotice(NoticeKind.QUIET, "2", {"topic": "Fish"})


async def claim(store: Store, minutes: float = 0) -> tuple[ClaimedNotice, ...]:
    return await store.claim_notices(now=at(minutes), lease_s=60, limit=10, platforms=[Platform.TELEGRAM])


async def chat_id(store: Store, name: str = "1") -> int:
    return (await store.chat_at(Address(Platform.TELEGRAM, name), title=name, now=START)).id


async def one(store: Store, chat: int) -> Notice:
    (notice,) = await store.notices_of(chat)
    return notice


async def test_a_notice_is_written_once_and_kept_as_it_is(store: Store) -> None:
    chat = await chat_id(store)
    assert await store.put_notices(chat, [QUIET, OTHER], now=START) == 2
    assert await store.put_notices(chat, [replace(QUIET, facts={"topic": "later"})], now=at(60)) == 0
    first, second = await store.notices_of(chat)
    assert (first.kind, first.subject, first.facts) == (QUIET.kind, QUIET.subject, QUIET.facts)
    assert (first.created_at, first.said_at, second.subject) == (START, None, "2")
    assert await store.put_notices(await chat_id(store, "2"), [QUIET], now=START) == 1


async def test_a_claim_is_one_processs_and_what_was_said_is_not_claimed_again(store: Store) -> None:
    chat = await chat_id(store)
    await store.put_notices(chat, [QUIET], now=START)
    (claimed,) = await claim(store)
    assert claimed.chat.id == chat
    assert await claim(store) == ()
    assert await store.begin_notice(claimed.notice, now=START, lease_s=60)
    assert await store.finish_notice(claimed.notice, Outcome(DeliveryState.SENT, at=at(1)))
    assert (await one(store, chat)).said_at == at(1)
    assert await claim(store, 600) == ()
    assert not await store.finish_notice(claimed.notice, Outcome(DeliveryState.DEAD))


async def test_a_lease_that_ran_out_is_marked_only_if_it_was_begun(store: Store) -> None:
    chat = await chat_id(store)
    await store.put_notices(chat, [QUIET], now=START)
    await claim(store)
    (again,) = await claim(store, 2)
    assert not again.notice.maybe_sent
    assert await store.begin_notice(again.notice, now=at(2), lease_s=60)
    (third,) = await claim(store, 4)
    assert third.notice.maybe_sent
    assert not await store.begin_notice(again.notice, now=at(4), lease_s=60)
    assert await store.begin_notice(third.notice, now=at(4), lease_s=60)
    assert await claim(store, 6) == ()
    assert (await one(store, chat)).state is DeliveryState.UNKNOWN


async def test_what_is_over_may_be_said_again(store: Store) -> None:
    chat = await chat_id(store)
    await store.put_notices(chat, [QUIET, OTHER], now=START)
    (claimed, _) = await claim(store)
    await store.end_notices(chat, [(QUIET.kind, QUIET.subject)])
    assert not await store.begin_notice(claimed.notice, now=START, lease_s=60)
    assert [notice.subject for notice in await store.notices_of(chat)] == ["2"]
    assert await store.put_notices(chat, [QUIET], now=at(1)) == 1
    await store.end_notices(chat, [])
    assert len(await store.notices_of(chat)) == 2


async def test_inactive_chats_and_stale_news_wait(store: Store) -> None:
    chat = await chat_id(store)
    await store.put_notices(chat, [QUIET], now=START)
    await store.set_chat_active(chat, active=False)
    assert await claim(store) == ()
    await store.set_chat_active(chat, active=True)
    assert await claim(store, STALE / timedelta(minutes=1) + 1) == ()
    assert len(await claim(store, 5)) == 1


async def test_two_chats_that_become_one_were_told_once(store: Store) -> None:
    old, new = await chat_id(store, "old"), await chat_id(store, "new")
    await store.put_notices(old, [QUIET], now=START)
    await store.put_notices(new, [QUIET, OTHER], now=START)
    await store.move_chat(old, Address(Platform.TELEGRAM, "new"))
    assert [notice.subject for notice in await store.notices_of(old)] == ["1", "2"]


async def test_coverage_names_the_topics_that_alert_with_the_dates_of_their_stories(stock: Stock) -> None:
    store = stock.store
    feed = await stock.feed(shared=False)
    chat = await stock.chat("1")
    await store.follow(chat.id, feed.id)
    topic = await stock.topic(chat, "Arms", subscribed=False)
    paused = await stock.topic(chat, "Fish", subscribed=False)
    await store.replace_topic(replace(paused, paused=True))
    for wanted in (topic, paused):
        await store.subscribe(Subscription(chat.id, wanted.id, at(3)))
    await stock.apply(
        IngestPlan(
            entries=tuple(new_entry(n, feed_id=feed.id) for n in (1, 2, 3, 4, 5)),
            stories=tuple(story(n, n, started_at=at(10 * n)) for n in (1, 2, 3, 4)),
            # Two articles tell the third story; the fourth merely mentions the subject.
            members=((1, 1), (2, 2), (3, 3), (3, 5), (4, 4)),
            matches=tuple(match(n, topic.id, relevant=n != 4) for n in (1, 2, 3, 4, 5)),
        )
    )
    (covered,) = await store.coverage(chat.id, stories=2)
    assert (covered.topic_id, covered.name, covered.since) == (topic.id, "Arms", at(3))
    assert covered.stories == (at(20), at(30))
    assert await store.alerted_chats(after=0, limit=5) == (chat.id,)
    assert await store.alerted_chats(after=chat.id, limit=5) == ()
    await store.unfollow(chat.id, feed.id)
    assert (await store.coverage(chat.id, stories=2))[0].stories == ()


async def test_where_a_topics_alerts_go(stock: Stock) -> None:
    store = stock.store
    chat = await stock.chat("1")
    topic = await stock.topic(chat, "Arms")
    await store.subscribe(Subscription(chat.id, topic.id, START))
    place = Address(Platform.TELEGRAM, "-1001", "7")
    await store.send_to(chat.id, topic.id, place)
    await store.subscribe(Subscription(chat.id, topic.id, at(1)))
    (kept,) = await store.subscriptions_of(chat.id)
    assert kept.place == place
    await store.send_to(chat.id, topic.id, None)
    assert (await store.subscriptions_of(chat.id))[0].place is None


async def test_a_delivery_goes_where_its_topics_alerts_go_until_that_place_is_lost(stock: Stock) -> None:
    store = stock.store
    chat = await stock.chat("1")
    topic = await stock.topic(chat, "Arms")
    place = Address(Platform.TELEGRAM, "-1001", "7")
    await store.send_to(chat.id, topic.id, place)
    await stock.told(chat)
    (claimed,) = await stock.claim()
    assert claimed.to == place
    ref = MessageRef(place, "99")
    await store.finish_delivery(claimed.delivery, Outcome(DeliveryState.SENT, ref=ref, at=at(1)))
    assert await store.told_at(replace(place, thread=None), 1) == chat
    assert await store.told_at(place, 2) is None
    assert await store.told_at(chat.address, 1) is None
    assert await store.told_at(Address(Platform.SLACK, place.chat), 1) is None
    assert await store.move_place(chat.id, place, None) == ("Arms",)
    assert await store.move_place(chat.id, place, None) == ()
    await stock.told(chat, story_id=2)
    (claimed,) = await stock.claim(2)
    assert claimed.to == chat.address
