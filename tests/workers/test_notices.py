"""What is no alert is said once to each chat that it concerns, and survives a crash with one marked repeat at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot import limits
from bot.alerts.notices import FAILING_TOLD, after_poll
from bot.chats.console_text import plain, render
from bot.clock import SystemClock
from bot.errors import ChatGoneError, FetchError, HttpStatusError, MaybeSentError, NotSentError, RefusedError
from bot.feeds.health import Failed, Unchanged, next_poll
from bot.model import (
    UNSAVED,
    Address,
    DeliveryState,
    Feed,
    FeedState,
    MessageRef,
    NewNotice,
    NoticeKind,
    Platform,
)
from bot.preferences import ChatSettings, QuietHours
from bot.store.sql import open_store
from bot.workers.notices import Announcer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chats.chat import ChatPort, Errand
    from bot.chats.message import Message
    from bot.store.port import Store

NOW = datetime(2024, 6, 20, 12, 0, tzinfo=UTC)


class FakeChat:
    """Remembers what was sent; raises what a test puts into ``faults``, after the request was begun."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.faults: list[Exception] = []
        self.there: dict[int, MessageRef] = {}

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        assert reply_to is None
        assert errand is not None
        await errand.begin()
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((to.chat, plain(render(message, number=lambda _: 1))))
        return MessageRef(to, "1")

    async def find_sent(
        self,
        to: Address,  # noqa: ARG002 - the port's signature
        delivery_id: int,
        *,
        since: datetime,  # noqa: ARG002 - the same
    ) -> MessageRef | None:
        return self.there.get(delivery_id)


class Clock(SystemClock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class World:
    """A store, a chat platform and the announcer between the two."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.chat = FakeChat()
        self.clock = Clock()
        chats = cast("dict[Platform, ChatPort]", {Platform.TELEGRAM: self.chat})
        self.announcer = Announcer(store, chats, self.clock)

    async def feed(self, *names: str, shared: bool = False, **fields: Any) -> Feed:  # noqa: ANN401 - a feed's own
        feed = await self.store.add_feed(
            Feed(UNSAVED, "https://news.example/feed", "The *Example*", NOW, shared=shared)
        )
        for name in names:
            await self.store.follow(await self.chat_id(name), feed.id)
        return replace(feed, **fields)

    async def chat_id(self, name: str) -> int:
        return (await self.store.chat_at(Address(Platform.TELEGRAM, name), title=name, now=NOW)).id

    async def polled(self, feed: Feed, outcome: Failed | Unchanged) -> Feed:
        """Poll and write it down as the poller does; the feed as it is then."""
        poll = next_poll(feed, now=self.clock.at, outcome=outcome)
        notices, over = after_poll(feed, poll)
        await self.store.record_poll(replace(poll, notices=notices, over=over))
        known = await self.store.feed(feed.id)
        assert known is not None
        return known

    async def say(self) -> list[tuple[str, str]]:
        """Let everything be said that is due; what was said."""
        before = len(self.chat.sent)
        while work := await self.announcer.claim(10):
            for piece in work:
                await piece
        return self.chat.sent[before:]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    opened = await open_store("sqlite+aiosqlite://")
    yield World(opened)
    await opened.close()


DOWN = Failed(FetchError("news.example takes too long"))


async def test_a_feed_that_fails_for_two_days_is_spoken_of_once_and_again_only_after_it_was_well(world: World) -> None:
    feed = await world.feed("1", "2")
    await world.chat_id("stranger")
    told = []
    for _ in range(12):
        feed = await world.polled(feed, DOWN)
        told += await world.say()
        world.clock.at += timedelta(hours=6)
    assert [name for name, _ in told] == ["1", "2"]
    assert "has not answered well for 2 days: news.example takes too long" in told[0][1]
    assert world.clock.at - NOW > FAILING_TOLD

    feed = await world.polled(feed, Unchanged())
    assert feed.failing_since is None
    for _ in range(12):
        feed = await world.polled(feed, DOWN)
        told += await world.say()
        world.clock.at += timedelta(hours=6)
    assert [name for name, _ in told] == ["1", "2", "1", "2"]


async def test_the_end_of_a_feed_is_told_with_a_way_to_drop_it(world: World) -> None:
    feed = await world.polled(await world.feed("1"), Failed(HttpStatusError("news.example answered 410", status=410)))
    assert feed.state is FeedState.GONE
    ((_, text),) = await world.say()
    assert "has ended" in text
    assert f"/feeds remove {feed.id}" in text


async def test_a_feed_that_is_added_anew_may_end_anew(world: World) -> None:
    gone = Failed(HttpStatusError("news.example answered 410", status=410))
    await world.polled(await world.feed("1"), gone)
    assert len(await world.say()) == 1
    await world.polled(await world.feed("1"), gone)
    assert len(await world.say()) == 1


async def test_a_shared_feed_is_every_chats(world: World) -> None:
    feed = await world.feed("1", shared=True)
    await world.chat_id("2")
    await world.polled(feed, Failed(HttpStatusError("gone", status=410)))
    assert [name for name, _ in await world.say()] == ["1", "2"]


async def test_a_feed_that_moves_is_told(world: World) -> None:
    feed = await world.feed("1", moved_to="https://me:pw@new.example/feed", moved_times=2)
    await world.polled(feed, Unchanged(moved_to="https://me:pw@new.example/feed", moved_times=3))
    ((_, text),) = await world.say()
    assert "has moved, and I follow it to https://new.example/feed" in text


def _notice(text: str = "1") -> NewNotice:
    return NewNotice(
        NoticeKind.QUIET, text, {"topic": "Arms", "topic_id": 1, "days": 9.2, "usual_days": 1.2, "feeds": 4}
    )


async def test_a_time_out_is_repeated_once_with_a_mark(world: World) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    world.chat.faults = [MaybeSentError("no answer")]
    assert await world.say() == []
    world.clock.at += timedelta(minutes=1)
    ((_, text),) = await world.say()
    assert "may repeat" in text
    assert "quiet for 9 days (usual gap 1.2)" in text


async def test_a_second_doubt_ends_it(world: World) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    world.chat.faults = [MaybeSentError("no answer"), MaybeSentError("no answer")]
    for _ in range(4):
        assert await world.say() == []
        world.clock.at += timedelta(minutes=10)
    (notice,) = await world.store.notices_of(chat_id)
    assert notice.state is DeliveryState.UNKNOWN
    assert world.chat.faults == []


async def test_what_is_found_there_is_not_repeated(world: World) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    (notice,) = await world.store.notices_of(chat_id)
    world.chat.faults = [MaybeSentError("no answer")]
    world.chat.there = {-notice.id: MessageRef(Address(Platform.TELEGRAM, "1"), "7")}
    await world.say()
    world.clock.at += timedelta(minutes=1)
    assert await world.say() == []
    assert (await world.store.notices_of(chat_id))[0].state is DeliveryState.SENT


async def test_a_process_that_died_while_it_spoke_leads_to_one_marked_repeat(world: World) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    (claimed,) = await world.store.claim_notices(
        now=NOW, lease_s=limits.LEASE_S, limit=5, platforms=[Platform.TELEGRAM]
    )
    assert await world.store.begin_notice(claimed.notice, now=NOW, lease_s=limits.LEASE_S)
    await world.store.release_leases()
    ((_, text),) = await world.say()
    assert "may repeat" in text


@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(NotSentError("no network"), DeliveryState.PENDING, id="no network: later"),
        pytest.param(RefusedError("too long"), DeliveryState.DEAD, id="refused: never"),
    ],
)
async def test_what_an_error_means(world: World, error: Exception, state: DeliveryState) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    world.chat.faults = [error]
    await world.say()
    assert (await world.store.notices_of(chat_id))[0].state is state


async def test_a_chat_that_is_gone_stops_nobody(world: World) -> None:
    for name in ("1", "2"):
        await world.store.put_notices(await world.chat_id(name), [_notice()], now=NOW)
    world.chat.faults = [ChatGoneError("blocked")]
    assert [name for name, _ in await world.say()] == ["2"]
    assert [(chat.gone_at, chat.gone_why) for chat in await world.store.lost_chats(limit=9)] == [(NOW, "blocked")]


async def test_quiet_hours_hold_it(world: World) -> None:
    chat_id = await world.chat_id("1")
    night = ChatSettings(quiet=QuietHours(NOW.time(), (NOW + timedelta(hours=2)).time()))
    await world.store.put_settings(chat_id, night, held_until={}, now=NOW)
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    assert await world.say() == []
    world.clock.at += timedelta(hours=2)
    assert len(await world.say()) == 1


async def test_what_is_over_before_it_was_said_is_not_said(world: World) -> None:
    chat_id = await world.chat_id("1")
    await world.store.put_notices(chat_id, [_notice()], now=NOW)
    await world.store.end_notices(chat_id, [(NoticeKind.QUIET, "1")])
    assert await world.say() == []


async def test_a_feeds_title_is_text_and_short(world: World) -> None:
    feed = await world.feed("1", title="x" * 1000)
    await world.polled(feed, Failed(HttpStatusError("gone", status=410)))
    ((_, text),) = await world.say()
    assert len(text) < 600
