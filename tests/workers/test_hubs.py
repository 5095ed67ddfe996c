"""WebSub against a hub on localhost: asked, confirmed, called; and what is not believed."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.door import Door
from bot.feeds.addresses import is_public
from bot.feeds.fetch import Fetched, Fetcher
from bot.model import UNSAVED, Feed
from bot.store.sql import open_store
from bot.workers import hubs as module
from bot.workers.hubs import LEASE_S, Hubs
from tests.doubles.hub import Hub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.model import HubSubscription
    from bot.store.port import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
URL = "https://news.example/rss"


@dataclass
class Clock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A feed in a store, not due for an hour, and the bot's side of WebSub."""

    store: Store
    hubs: Hubs
    feed: Feed
    clock: Clock

    async def announce(self, hub: Hub | None) -> None:
        """The feed is fetched, and names the hub."""
        link = f'<link rel="hub" href="{hub.url}"/>' if hub else ""
        await self.hubs.heed(self.feed, Fetched(200, f"<feed>{link}</feed>".encode(), URL))

    async def due(self) -> bool:
        return bool(await self.store.due_feeds(now=self.clock.at, limit=1))

    async def agreed(self) -> HubSubscription:
        """What is agreed with the feed's hub."""
        found = await self.store.hub_of(self.feed.id)
        assert found is not None
        return found

    async def until_agreed(self, wanted: Callable[[HubSubscription], bool]) -> None:
        """Wait until what is agreed is as wanted."""
        async with asyncio.timeout(15):
            while not wanted(await self.agreed()):  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _public(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub on localhost stands for one on the internet."""
    monkeypatch.setattr("bot.feeds.fetch.is_public", lambda _: True)


@asynccontextmanager
async def desk_with(*, allowed: bool = True) -> AsyncIterator[Desk]:
    store = await open_store("sqlite+aiosqlite://")
    door, clock = Door("127.0.0.1", 0), Clock()
    await door.open()
    hosts = frozenset({"127.0.0.1"}) if allowed else frozenset()
    async with Fetcher(user_agent="test", allowed_private_hosts=hosts) as fetcher:
        hubs = Hubs(store, fetcher, clock, door=door, public_url=f"http://127.0.0.1:{door.port}")
        hubs.listen()
        yield Desk(store, hubs, await store.add_feed(Feed(UNSAVED, URL, "News", LATER, shared=True)), clock)
        await hubs.stop()
    await door.close()
    await store.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with desk_with() as made:
        yield made


async def test_a_hub_is_asked_confirmed_and_its_call_makes_the_feed_due(desk: Desk) -> None:
    async with Hub() as hub:
        await desk.announce(hub)
        assert await desk.hubs.ask_due() == 1
        await hub.until(lambda: bool(hub.subscribers) and hub.subscribers[0].confirmed)
        (subscriber,) = hub.subscribers
        assert (subscriber.topic, subscriber.lease_s) == (URL, LEASE_S)
        assert not await desk.due()
        assert await hub.call(subscriber) == 202
        await hub.until(lambda: bool(hub.answers))
        await desk.until_agreed(lambda agreed: agreed.pushed_at == NOW)
        assert await desk.due()


async def test_a_hub_that_calls_again_soon_is_heard_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BURST_S", 0.0)
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers) and hub.subscribers[0].confirmed)
        for _ in range(3):
            desk.clock.at += timedelta(seconds=10)
            await hub.call(hub.subscribers[0])
            await desk.until_agreed(lambda agreed: agreed.pushed_at == desk.clock.at)


async def test_a_confirmed_hub_is_asked_again_before_its_promise_ends(desk: Desk) -> None:
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers) and hub.subscribers[0].confirmed)
        desk.clock.at += timedelta(seconds=0.79 * LEASE_S)
        assert await desk.hubs.ask_due() == 0
        desk.clock.at += timedelta(seconds=0.02 * LEASE_S)
        assert await desk.hubs.ask_due() == 1
        await hub.until(lambda: len(hub.subscribers) == 2 and hub.subscribers[1].confirmed)
        # It is the same agreement: whoever calls under the old one is known.
        assert len({subscriber.callback for subscriber in hub.subscribers}) == 1


async def test_a_call_that_the_hub_did_not_sign_changes_nothing(desk: Desk) -> None:
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers) and hub.subscribers[0].confirmed)
        assert await hub.call(hub.subscribers[0], secret="guessed") == 202  # noqa: S106 - a wrong one
        assert (await desk.agreed()).pushed_at is None
        assert not await desk.due()


async def test_a_hub_that_refuses_is_left_alone_for_a_day(desk: Desk) -> None:
    async with Hub(refuses=True) as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await desk.until_agreed(lambda agreed: agreed.ask_at == NOW + timedelta(days=1))
        assert (await desk.agreed()).lease_until is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"mode": "subscribe", "topic": "https://other.example/"}, 404, id="another topic"),
        pytest.param({"mode": "unsubscribe", "topic": URL}, 404, id="an end that we did not ask for"),
        pytest.param({"mode": "subscribe", "topic": URL, "challenge": ""}, 404, id="nothing to answer with"),
        pytest.param({"mode": "", "topic": URL}, 404, id="no mode"),
        pytest.param({"mode": "subscribe", "topic": URL, "lease_seconds": "soon"}, 200, id="a promise of no number"),
        pytest.param({"mode": "subscribe", "topic": URL, "lease_seconds": "9" * 9}, 200, id="a promise of 30 years"),
    ],
)
async def test_what_a_hub_asks_back(desk: Desk, fields: dict[str, str], status: int) -> None:
    async with Hub(refuses=True) as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers))
        answered, text = await hub.ask_back(hub.subscribers[0].callback, **{"challenge": "x<script>", **fields})
        assert answered == status
        assert ("script" in text) == (status == 200)
        promised = (await desk.agreed()).lease_until
        assert (promised is not None) == (status == 200)
        assert promised is None or promised <= NOW + timedelta(days=90)


async def test_a_guessed_address_is_answered_as_one_that_is_over(desk: Desk) -> None:
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers))
        (subscriber,) = hub.subscribers
        subscriber.callback += "x"
        assert await hub.call(subscriber) == 410
        assert (await hub.ask_back(subscriber.callback, mode="unsubscribe", challenge="bye"))[0] == 200


async def test_a_hub_that_is_named_no_more_is_forgotten(desk: Desk) -> None:
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.announce(None)
        assert await desk.store.hub_of(desk.feed.id) is None
        assert await desk.hubs.ask_due() == 0


@pytest.mark.parametrize("allowed", [False, True])
async def test_a_stranger_s_feed_names_no_hub_on_a_private_address(
    allowed: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.feeds.fetch.is_public", is_public)
    async with desk_with(allowed=allowed) as desk, Hub() as hub:
        await desk.announce(hub)
        assert await desk.hubs.ask_due() == 1
        assert hub.subscribers == []


async def test_a_feed_on_an_allowed_private_host_may_have_its_hub_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.feeds.fetch.is_public", is_public)
    async with desk_with() as desk, Hub() as hub:
        inside = Feed(UNSAVED, hub.url.rpartition("/")[0] + "/rss", "Ours", LATER, shared=True)
        desk.feed = await desk.store.add_feed(inside)
        await desk.announce(hub)
        assert await desk.hubs.ask_due() == 1
        assert len(hub.subscribers) == 1


async def test_a_feed_that_is_being_polled_is_polled_again_after_that(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_S", 0.01)
    async with Hub() as hub:
        await desk.announce(hub)
        await desk.hubs.ask_due()
        await hub.until(lambda: bool(hub.subscribers) and hub.subscribers[0].confirmed)
        desk.clock.at = LATER
        assert len(await desk.store.claim_due_feeds(now=LATER, lease_s=60, limit=1)) == 1
        await hub.call(hub.subscribers[0])
        assert not await desk.due()
        desk.clock.at += timedelta(seconds=61)  # the lease ran out; a poll that ends would let go of it as well
        await desk.until_agreed(lambda agreed: agreed.pushed_at == desk.clock.at)
        assert await desk.due()
