"""The composition root of `backstory worker`: one of several processes that share a PostgreSQL database.

Every one of them polls, takes in, bundles digests and keeps the store in order; one at a time speaks
with each bot token.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot import limits
from bot.app import front_door, open_door, remote_chats, tokens
from bot.chats.paths import SLACK_EVENTS, SLACK_INSTALL, SLACK_REDIRECT, TELEGRAM_UPDATES
from bot.clock import SystemClock
from bot.desk import BotDesk
from bot.errors import SettingsError
from bot.model import UNSAVED, Feed, Platform
from bot.parts import open_parts, seal_up
from bot.store.database import parse_url
from bot.store.seat import Seat
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from bot.workers.engine import Duties, Engine, queue_of
from bot.workers.housekeep import Housekeeper, Kept
from bot.workers.lookout import Lookout
from bot.workers.notices import Announcer, NoticeWorker
from bot.workers.senders import Sender
from bot.workers.timekeeper import Timekeeper
from bot.workers.troubles import keep_silence, look_again
from handlers.commands import menu
from handlers.dispatch import Dispatcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chats.chat import ChatPort
    from bot.door import Door
    from bot.parts import Parts
    from bot.settings import Settings


def paths(settings: Settings) -> dict[Platform, tuple[str, ...]]:
    """Where at the door each platform brings its news, if it does."""
    slack = (SLACK_EVENTS, SLACK_INSTALL, SLACK_REDIRECT) if settings.slack_client_id else (SLACK_EVENTS,)
    return {
        Platform.TELEGRAM: (TELEGRAM_UPDATES,) if settings.telegram_webhook else (),
        Platform.SLACK: slack if settings.slack_by_http else (),
    }


class FleetWorker:
    """One process of a fleet. ``chats`` are the platforms that it speaks on at the moment."""

    def __init__(self, parts: Parts, door: Door | None = None) -> None:
        self.parts = parts
        self.door = door
        self.chats: dict[Platform, ChatPort] = {}
        self._deliverers: dict[str, Deliverer] = {}
        self._tokens = tokens(parts.settings)
        self._digester = Digester(parts.store, self._tokens, parts.clock)
        url = parts.settings.database_url
        duties = Duties(parts.poller.poll_if_due, self._deliver, self._digest)
        self.engine = Engine(url, parts.store, parts.clock, duties, self._tokens)
        self._digester.on_digests = parts.poller.on_deliveries = self.engine.wake_deliveries
        seats = {platform: self._seat(token) for platform, token in self._tokens.items()}
        self._senders = [Sender(platform, seat, partial(Spell, self, platform)) for platform, seat in seats.items()]
        for platform, seat in seats.items():
            self._stand_in(seat, paths(parts.settings)[platform])

    def _seat(self, token: str) -> Seat:
        url, door = self.parts.settings.database_url, self.door
        return Seat(url, token) if door is None else Seat(url, token, host=door.host, port=door.port)

    def _stand_in(self, seat: Seat, at: tuple[str, ...]) -> None:
        """Let what a platform brings to this worker reach the one that speaks."""
        if self.door is None or not at:
            return
        from bot.relay import Relay  # noqa: PLC0415 - an HTTP client that most fleets do without

        relay = Relay(seat)
        for path in at:
            self.door.stand_in(path, relay.answer)

    async def start(self) -> None:
        """Begin to work, and to wait for a seat."""
        await self.engine.open()
        await self.engine.start()
        for sender in self._senders:
            sender.start()

    async def stop(self) -> None:
        """Finish what is under way and give up the seats: another process has them in seconds."""
        for sender in self._senders:
            await sender.stop()
        await self.parts.poller.halt()
        await self.engine.stop()

    def begin_sending(self, platform: Platform, chat: ChatPort) -> Deliverer:
        """Take the jobs of this platform's chats from now on."""
        deliverer = Deliverer(self.parts.store, {platform: chat}, self.parts.clock, self.parts.wording)
        self.chats[platform] = chat
        self._deliverers[queue_of(platform)] = deliverer
        self.engine.work(queue_of(platform), size=limits.CLAIM_BATCH)
        return deliverer

    async def end_sending(self, platform: Platform) -> None:
        """Take no more of them; returns when none is under way."""
        self.chats.pop(platform, None)
        deliverer = self._deliverers.pop(queue_of(platform), None)
        if deliverer is not None:
            deliverer.halt()
        await self.engine.leave(queue_of(platform))

    async def _deliver(self, chat_id: int, queue: str) -> None:
        """Send a chat all that is due, in order."""
        deliverer = self._deliverers.get(queue)
        while deliverer is not None and (claimed := await deliverer.claim(1, chat_id)):
            for piece in claimed:
                await piece

    async def _digest(self) -> None:
        while claimed := await self._digester.claim(1):
            for piece in claimed:
                await piece


class Spell:
    """One spell of speaking on a platform; ``bot.workers.senders.Speaker``."""

    def __init__(self, worker: FleetWorker, platform: Platform) -> None:
        self._worker = worker
        self._platform = platform
        self._chat: ChatPort | None = None

    async def start(self) -> None:
        """See the protocol."""
        parts = self._worker.parts
        self._chat = remote_chats(parts.settings, self._worker.door)[self._platform]
        desk = BotDesk(parts, None, sample_mode=False, left_samples=asyncio.Event(), chats=self._worker.chats)
        dispatcher = Dispatcher(desk, self._chat.may_change, commands_per_min=parts.settings.commands_per_min)
        await keep_silence(parts.store, self._chat, now=parts.clock.now())
        await self._chat.start(dispatcher.handle, menu())
        await look_again(parts.store, self._chat)
        self._worker.begin_sending(self._platform, self._chat)

    async def stop(self) -> None:
        """See the protocol."""
        await self._worker.end_sending(self._platform)
        if self._chat is not None:
            await self._chat.stop()


@asynccontextmanager
async def open_worker(settings: Settings) -> AsyncIterator[FleetWorker]:
    """A running worker of the fleet; leaving it drains.

    Raises:
        SettingsError: the database is not PostgreSQL, or cannot be opened.
    """
    if parse_url(settings.database_url).get_backend_name() != "postgresql":
        raise SettingsError(
            "Several workers share a PostgreSQL database: set BACKSTORY_DATABASE_URL to "
            "postgresql://user:password@host/name, or use `backstory run`"
        )
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(open_parts(settings, url=settings.database_url, clock=SystemClock()))
        await seal_up(parts.store)
        now = parts.clock.now()
        for url in settings.feeds:
            await parts.store.add_feed(Feed(UNSAVED, url, "", now, shared=True, added_at=now))
        door = front_door(settings)
        if door is not None:
            # The first to open and the last to close: what comes while this worker stops is for the next that speaks.
            await open_door(stack, door, parts)
        worker = FleetWorker(parts, door)
        stack.push_async_callback(worker.stop)
        await worker.start()
        timekeeper = Timekeeper(parts.store, parts.clock, worker.engine.clock_was_set)
        timekeeper.start()
        stack.push_async_callback(timekeeper.stop)
        housekeeper = Housekeeper(parts.store, parts.clock, Kept(settings.keep_entries_days, settings.keep_seen_days))
        housekeeper.start()
        stack.push_async_callback(housekeeper.stop)
        notices = NoticeWorker(Announcer(parts.store, worker.chats, parts.clock), Lookout(parts.store, parts.clock))
        notices.start()
        stack.push_async_callback(notices.stop)
        await _show(stack, worker)
        yield worker


async def _show(stack: AsyncExitStack, worker: FleetWorker) -> None:
    """Serve health and figures, where a port is set for them."""
    settings = worker.parts.settings
    if settings.metrics_port is None:
        return
    from bot.monitor import Monitor  # noqa: PLC0415 - an HTTP server that most bots do without

    engine = worker.engine
    monitor = Monitor(worker.parts.store, worker.chats, worker.parts.clock, tick_age_s=lambda: engine.tick_age_s)
    stack.push_async_callback(monitor.stop)
    await monitor.start(settings.metrics_host, settings.metrics_port)
