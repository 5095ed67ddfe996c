"""Feeds that misbehave, each served by a real server and polled as the bot polls: what a chat gets of it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot import limits
from bot.model import (
    UNSAVED,
    Action,
    Address,
    DeliveryState,
    Feed,
    FeedState,
    Hold,
    NoticeKind,
    Platform,
    Subscription,
    Topic,
)
from bot.parts import open_parts
from bot.settings import Settings
from tests.pipeline.feed_server import Answer, FeedServer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Chat, Delivery
    from bot.parts import Parts

NOW = datetime(2024, 6, 20, 12, 0, tzinfo=UTC)
EVENTS = (
    "Senate votes on fishing quotas off the northern coast",
    "Volcano erupts near Reykjavik and closes the airport",
    "Railway strike halts freight trains across Bavaria",
    "Parliament in Nairobi rejects the finance bill",
    "Orchestra cancels its tour after a fire in the hall",
    "Researchers find a new species of frog in Borneo",
    "Court in Lima orders the release of a former mayor",
    "Ferry runs aground in fog outside the port of Oslo",
    "Wheat prices climb after drought in Saskatchewan",
    "Bridge in Porto reopens after two years of repairs",
    "Telescope in Chile records a comet breaking apart",
    "Bank in Zurich admits losses on shipping loans",
    "Museum in Cairo shows a restored royal barge",
    "Cyclone warning issued for islands east of Fiji",
    "Miners in Katowice vote to end a week of protest",
    "Vaccine trial against malaria begins in Accra",
)
TOPIC = " | ".join(f'"{event.split()[0]}"' for event in EVENTS)


class StillClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    """A feed on a server, a bot that polls it, a chat that wants all of it."""

    server: FeedServer
    parts: Parts
    clock: StillClock
    chat: Chat
    feed_id: int

    def serve(self, *items: Item, path: str = "/feed", etag: str | None = None) -> None:
        self.server.serve(path, Answer(rss(*items), etag=etag))

    async def feed(self) -> Feed:
        found = await self.parts.store.feed(self.feed_id)
        assert found is not None
        return found

    async def poll(self, *items: Item, path: str = "/feed", etag: str | None = None) -> list[Delivery]:
        """Serve these entries (or what is served already), poll, return all of the chat's deliveries, oldest first."""
        if items:
            self.serve(*items, path=path, etag=etag)
        self.clock.at += timedelta(minutes=30)
        await self.parts.poller.poll(await self.feed())
        return await self.told()

    async def told(self) -> list[Delivery]:
        found = await self.parts.store.deliveries(self.chat.id, states=tuple(DeliveryState), limit=100)
        return sorted(found, key=lambda delivery: delivery.id)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    settings = Settings(data_dir=Path(), database_url="", encoder=False, article_pages=False)
    clock = StillClock()
    async with (
        feed_server() as server,
        open_parts(settings, url="sqlite+aiosqlite://", clock=clock, private_hosts=frozenset({"127.0.0.1"})) as parts,
    ):
        store = parts.store
        chat = await store.chat_at(Address(Platform.CONSOLE, "console"), title="console", now=NOW)
        topic = await store.add_topic(Topic(UNSAVED, chat.id, "All", TOPIC, NOW))
        await store.subscribe(Subscription(chat.id, topic.id, NOW))
        feed = await store.add_feed(Feed(UNSAVED, server.url("/feed"), "The Example", NOW))
        await store.follow(chat.id, feed.id)
        world = World(server, parts, clock, chat, feed.id)
        assert await world.poll(item(0)) == []
        yield world


def item(number: int, *, days: float = 0, **fields: Any) -> Item:  # noqa: ANN401 - whatever an item has
    """The entry about one event, published before or after noon of the first day."""
    at = NOW + timedelta(days=days, minutes=number)
    event = EVENTS[number]
    made = Item(
        event,
        f"https://news.example/{number}",
        f"id-{number}",
        at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        f"{event}, officials said on Thursday. More than {number + 20}00 people are affected. Nobody was hurt.",
    )
    return replace(made, **fields)


# ---------------------------------------------------------------- ids and dates


async def test_ids_that_change_at_each_fetch_tell_nothing_twice(world: World) -> None:
    for turn in range(3):
        told = await world.poll(*(item(n, guid=f"{n}-{turn}") for n in range(4)))
        assert len(told) == 3, turn


async def test_addresses_and_ids_that_change_tell_nothing_twice(world: World) -> None:
    for turn in range(3):
        told = await world.poll(
            *(item(n, guid=f"{n}-{turn}", link=f"https://n.example/{n}?s={turn}") for n in range(4))
        )
        assert len(told) == 3, turn


@pytest.mark.parametrize("guid", [None, "the same for all"])
async def test_without_ids_of_their_own_entries_are_told_apart(world: World, guid: str | None) -> None:
    for _ in range(2):
        told = await world.poll(*(item(n, guid=guid) for n in range(5)))
        assert len(told) == 4


@pytest.mark.parametrize("fields", [{}, {"date": None}], ids=["dated", "undated"])
async def test_without_ids_the_entries_of_one_page_are_told_apart(world: World, fields: dict[str, Any]) -> None:
    page = "https://news.example/bulletins"
    for newest in (2, 4, 4):
        told = await world.poll(*(item(n, guid=None, link=page, **fields) for n in range(newest, 0, -1)))
        assert [delivery.action for delivery in told] == [Action.ALERT] * newest


async def test_neither_ids_nor_dates_nor_addresses_tell_nothing_twice(world: World) -> None:
    for _ in range(2):
        told = await world.poll(*(item(n, guid=None, date=None, link="") for n in range(5)))
        assert len(told) == 5  # the first one, too: nothing says that it is the one which was known


async def test_old_entries_that_come_back_are_not_told(world: World) -> None:
    await world.poll(item(0), item(1))
    told = await world.poll(item(1), *(item(n, days=-400) for n in range(2, 8)))
    assert len(told) == 1
    # And an entry that was gone for months is still known.
    await world.poll(item(0))
    world.clock.at += timedelta(days=80)
    assert len(await world.poll(item(0), item(1))) == 1


async def test_an_edited_headline_is_no_new_alert(world: World) -> None:
    (alert,) = await world.poll(item(1))
    told = await world.poll(item(1, title=f"{EVENTS[1]}, flights diverted"))
    assert [(delivery.action, delivery.story_id) for delivery in told[1:]] == [(Action.EDIT, alert.story_id)]


async def test_a_date_in_the_future_is_shown_as_now(world: World) -> None:
    await world.poll(item(1, date="Sat, 01 Jan 2099 00:00:00 GMT"))
    feed = await world.feed()
    assert feed.last_entry_at is not None
    assert feed.last_entry_at <= world.clock.at
    assert len(await world.poll(item(1, date="Sat, 01 Jan 2099 00:00:00 GMT"), item(2, days=0.2))) == 2


async def test_a_first_fetch_is_silent_and_so_are_all_its_entries_later() -> None:
    async with open_world() as world:
        store = world.parts.store
        world.serve(*(item(n) for n in range(12)), path="/other")
        feed = await store.add_feed(Feed(UNSAVED, world.server.url("/other"), "Other", NOW, shared=True))
        await world.parts.poller.poll(feed)
        assert await world.told() == []
        stored = await store.feed(feed.id)
        assert stored is not None
        assert (stored.baselined, stored.flooded_at) == (True, None)


async def test_what_came_while_a_new_feed_did_not_answer_is_told() -> None:
    async with open_world() as world:
        store, clock = world.parts.store, world.clock
        world.server.serve("/other", Answer(b"", status=503))
        added = Feed(UNSAVED, world.server.url("/other"), "Other", clock.at, shared=True, added_at=clock.at)
        feed_id = (await store.add_feed(added)).id
        for answers in (False, True):
            clock.at += timedelta(minutes=30)
            if answers:
                dates = {4: clock.at - timedelta(minutes=10), 5: clock.at - timedelta(days=1), 6: clock.at}
                dated = (item(n, date=format_datetime(date)) for n, date in dates.items())
                world.serve(*dated, item(7, date=None), path="/other")
            feed = await store.feed(feed_id)
            assert feed is not None
            await world.parts.poller.poll(feed)
        (alone,) = await world.told()
        assert [entry.title for entry in await store.story_entries(alone.story_id)] == [EVENTS[4]]


async def test_a_feed_that_nobody_followed_for_a_while_tells_nothing_of_that_time(world: World) -> None:
    store, clock, url = world.parts.store, world.clock, world.server.url("/feed")
    world.serve(item(0), etag='"one"')
    await world.poll()
    await store.unfollow(world.chat.id, world.feed_id)
    clock.at += timedelta(days=60)
    world.serve(*(item(n, days=n * 10) for n in range(6)), etag='"two"')
    again = await store.add_feed(Feed(UNSAVED, url, "The Example", clock.at, added_at=clock.at))
    await store.follow(world.chat.id, again.id)
    assert (again.id, await world.poll()) == (world.feed_id, [])
    fresh = item(6, date=format_datetime(clock.at))
    (alone,) = await world.poll(*(item(n, days=n * 10) for n in range(6)), fresh)
    assert [entry.title for entry in await store.story_entries(alone.story_id)] == [EVENTS[6]]


# ---------------------------------------------------------------- floods


async def test_a_feed_that_issues_everything_anew_brings_one_digest(world: World) -> None:
    await world.poll(*(item(n) for n in range(5)))
    before = len(await world.told())
    anew = [
        item(n, guid=f"new-{n}", link=f"https://new.example/{n}", date="Thu, 20 Jun 2024 12:45:00 GMT")
        for n in range(15)
    ]
    told = (await world.poll(*anew))[before:]
    alerts = [delivery for delivery in told if delivery.action is Action.ALERT]
    assert len(alerts) >= 10
    assert {(delivery.state, delivery.held_for) for delivery in told} == {(DeliveryState.HELD, Hold.FLOOD)}
    feed = await world.feed()
    assert feed.flooded_at == world.clock.at
    assert (await world.parts.store.status()).counters["floods"] == 1
    # They are due at once, in one digest.
    (due,) = await world.parts.store.due_digests(now=world.clock.at, limit=9, platforms=[Platform.CONSOLE])
    assert len(due.held) == len(told)


async def test_a_busy_hour_is_no_flood(world: World) -> None:
    told = await world.poll(*(item(n) for n in range(limits.FLOOD_ENTRIES + 1)))
    assert len(told) == limits.FLOOD_ENTRIES
    assert {delivery.state for delivery in told} == {DeliveryState.PENDING}
    assert (await world.feed()).flooded_at is None


# ---------------------------------------------------------------- moves and ends


async def test_a_permanent_move_is_kept_after_three_polls_and_a_look(world: World) -> None:
    world.serve(item(0), path="/new")
    world.server.redirect("/feed", "/new", status=301)
    for turn in (1, 2):
        await world.poll()
        feed = await world.feed()
        assert (feed.url, feed.moved_times) == (world.server.url("/feed"), turn)
    asked = len(world.server.seen("/new"))
    await world.poll()
    feed = await world.feed()
    assert (feed.url, feed.moved_to, feed.moved_times) == (world.server.url("/new"), None, 0)
    assert len(world.server.seen("/new")) == asked + 2
    assert len(await world.poll(item(0), item(1), path="/new")) == 1


async def test_a_move_counts_where_nothing_changed_too(world: World) -> None:
    world.serve(item(0), path="/new", etag='"1"')
    world.server.redirect("/feed", "/new", status=308)
    for _ in range(3):
        await world.poll()
    assert (await world.feed()).url == world.server.url("/new")


@pytest.mark.parametrize("between", [Answer(rss(item(0))), Answer(status=503), Answer(status=302)])
async def test_only_moves_in_a_row_count(world: World, between: Answer) -> None:
    world.serve(item(0), path="/new")
    for turn in range(4):
        world.server.redirect("/feed", "/new", status=301)
        if turn == 2:
            world.server.serve("/feed", replace(between, headers={"Location": "/new"}))
        await world.poll()
    assert (await world.feed()).url == world.server.url("/feed")


async def test_a_new_address_that_is_no_feed_by_itself_is_not_kept(world: World) -> None:
    world.server.redirect("/feed", "/new", status=301)
    good, page = Answer(rss(item(0))), Answer(b"<html>Please log in</html>")
    world.server.serve_in_turn("/new", good, good, good, page)
    for _ in range(3):
        await world.poll()
    feed = await world.feed()
    assert (feed.url, feed.moved_times, feed.failures) == (world.server.url("/feed"), 0, 0)


async def test_a_feed_that_moves_onto_another_hands_over_its_chats(world: World) -> None:
    store = world.parts.store
    world.serve(item(0), path="/new")
    other = await store.add_feed(Feed(UNSAVED, world.server.url("/new"), "New", NOW, shared=False))
    await world.parts.poller.poll(other)
    world.server.redirect("/feed", "/new", status=301)
    for _ in range(3):
        await world.poll()
    assert (await world.feed()).state is FeedState.MOVED
    assert [feed.id for feed in await store.feeds_of(world.chat.id)] == [other.id]
    world.serve(item(0), item(1), path="/new")
    (feed,) = await store.polled_feeds()
    await world.parts.poller.poll(feed)
    assert len(await world.told()) == 1


async def test_a_feed_that_is_gone_is_not_asked_again(world: World) -> None:
    world.server.serve("/feed", Answer(status=410))
    await world.poll()
    assert (await world.feed()).state is FeedState.GONE
    assert await world.parts.store.polled_feeds() == ()
    (notice,) = await world.parts.store.notices_of(world.chat.id)
    assert notice.kind is NoticeKind.FEED_GONE


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_kept_to(world: World, status: int) -> None:
    world.server.serve("/feed", Answer(status=status, headers={"Retry-After": "86400"}))
    await world.poll()
    assert (await world.feed()).next_poll_at >= world.clock.at + timedelta(days=1)
    world.server.serve("/feed", Answer(status=status, headers={"Retry-After": "99999999"}))
    await world.poll()
    wait = (await world.feed()).next_poll_at - world.clock.at
    assert wait <= timedelta(seconds=limits.RETRY_AFTER_CAP_S)


async def test_hours_to_skip_are_kept_to_also_where_nothing_changed(world: World) -> None:
    hours = "".join(f"<hour>{(NOW.hour + n) % 24}</hour>" for n in range(6))
    asking = rss(item(0)).replace(b"<channel>", f"<channel><skipHours>{hours}</skipHours>".encode())
    world.server.serve("/feed", Answer(asking, etag='"1"'))
    for _ in range(2):
        await world.poll()
        assert (await world.feed()).next_poll_at >= world.clock.at + timedelta(seconds=limits.POLL_INTERVAL_MAX_S)
    await world.poll(item(0))
    assert (await world.feed()).next_poll_at < world.clock.at + timedelta(seconds=limits.POLL_INTERVAL_MAX_S)


# ---------------------------------------------------------------- only what is new


async def test_the_same_bytes_are_not_read_again(world: World) -> None:
    await world.poll(item(0), item(1), etag='"1"')
    await world.poll(item(0), item(1), etag='"2"')  # a server that numbers its answers, and not its documents
    feed = await world.feed()
    assert feed.etag == '"2"'
    assert feed.last_polled_at == world.clock.at


async def test_polls_that_read_only_what_is_new_lose_nothing(world: World) -> None:
    told = []
    for newest in range(1, len(EVENTS)):
        told = await world.poll(*(item(n) for n in range(newest, max(-1, newest - 6), -1)))
    assert len(told) == len(EVENTS) - 1
    status = await world.parts.store.status()
    assert status.entries == len(EVENTS)


async def test_a_body_that_stops_its_parser_fails_one_poll_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PARSE_HERE_BYTES", 0)
    monkeypatch.setattr(world.parts.poller._source.parsers, "_timeout_s", 0.0)  # noqa: SLF001 - a parser that hangs
    await world.poll(item(0), item(1), item(2, description="&nbsp;"))
    feed = await world.feed()
    assert feed.failures == 1
    assert feed.last_error is not None
    assert "takes longer than" in feed.last_error
    monkeypatch.undo()
    assert len(await world.poll(item(0), item(1), item(2))) == 2
