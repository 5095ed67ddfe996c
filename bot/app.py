"""The composition root: the one place that builds the parts and wires them together."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Self

from bot import limits
from bot.clock import SystemClock
from bot.desk import BotDesk
from bot.model import UNSAVED, Address, Feed, Platform
from bot.parts import open_parts, seal_up
from bot.samples.player import SamplePlayer, open_stage
from bot.store.alone import only_process
from bot.store.sql import open_store
from bot.workers.deliver import Deliverer
from bot.workers.digests import Digester
from bot.workers.housekeep import Housekeeper, Kept
from bot.workers.local import LocalWorkers
from bot.workers.lookout import Lookout
from bot.workers.notices import Announcer, NoticeWorker
from bot.workers.senders import held
from bot.workers.timekeeper import Timekeeper
from bot.workers.troubles import keep_silence, look_again
from handlers.commands import menu
from handlers.dispatch import Dispatcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from types import TracebackType

    from bot.chats.chat import ChatPort, Inbound, InboundHandler, Reply
    from bot.door import Door
    from bot.monitor import Monitor
    from bot.parts import Parts
    from bot.settings import Settings
    from bot.store.port import Store
    from bot.store.seat import Seat

CONSOLE = Address(Platform.CONSOLE, "console")
IN_MEMORY = "sqlite+aiosqlite://"
_NOT_ALONE = (
    "Another Backstory is running on this PostgreSQL database: end it first, or start each of them as"
    " `backstory worker`, of which any number shares one."
)


def front_door(settings: Settings) -> Door | None:
    """Where this bot is reached from the internet, still closed; None where it is not."""
    if settings.public_url is None and not settings.slack_by_http:
        return None
    from bot.door import Door  # noqa: PLC0415 - an HTTP server that most bots do without

    return Door(settings.http_host, settings.http_port)


def remote_chats(settings: Settings, door: Door | None = None) -> dict[Platform, ChatPort]:
    """The configured platforms. Their SDKs are slow to import, so each is imported only when it has a token.

    Without a ``door`` no platform can bring anything: Telegram is asked for its updates, whatever is set.
    """
    chats: dict[Platform, ChatPort] = {}
    if settings.telegram_token:
        from bot.chats.telegram import TelegramChat  # noqa: PLC0415 - see above

        webhook = None
        if settings.telegram_webhook and settings.public_url and door is not None:
            from bot.chats.telegram_webhook import Webhook  # noqa: PLC0415 - see above

            webhook = Webhook(door, settings.public_url, settings.telegram_token)
        chats[Platform.TELEGRAM] = TelegramChat(
            settings.telegram_token, base_url=settings.telegram_api_base_url, webhook=webhook
        )
    if settings.has_slack:
        chats[Platform.SLACK] = _slack(settings, door)
    return chats


def _slack(settings: Settings, door: Door | None) -> ChatPort:
    """Slack, for one workspace or for all that install the app."""
    from bot.chats.slack import HttpMode, Installing, SlackChat  # noqa: PLC0415 - slow to import

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        # A door of its own to the same store: the chats are made before the parts are open.
        store = await open_store(settings.database_url, secret_keys=settings.secret_keys)
        try:
            yield store
        finally:
            await store.close()

    client, secret, http = settings.slack_client_id, settings.slack_client_secret, None
    if settings.slack_signing_secret:
        installing = None
        if client and secret:
            installing = Installing(client, secret, opened, settings.secret_keys, settings.public_url)
        http = HttpMode(
            settings.slack_signing_secret, settings.http_host, settings.http_port, door=door, installing=installing
        )
    return SlackChat(
        settings.slack_bot_token, app_token=settings.slack_app_token, http=http, base_url=settings.slack_api_base_url
    )


def tokens(settings: Settings) -> dict[Platform, str]:
    """The platforms that are spoken on, each with the token that one process at a time may use."""
    slack = settings.slack_bot_token or settings.slack_client_id
    found = {Platform.TELEGRAM: settings.telegram_token, Platform.SLACK: slack}
    return {platform: token for platform, token in found.items() if token}


async def wants_samples(settings: Settings) -> bool:
    """Whether the sample coverage plays: no token is set, and there is no real feed and no imported coverage."""
    if settings.has_chat_token or settings.feeds:
        return False
    store = await open_store(settings.database_url, secret_keys=settings.secret_keys)
    try:
        status = await store.status()
        return status.feeds == 0 and status.entries == 0
    finally:
        await store.close()


class Bot:
    """A running bot: polls, alerts, answers. An async context manager; leaving it drains.

    ``left_samples`` is set once somebody has added a real feed while samples played: leave this bot and start another.
    What is said from then on is about the real feeds, and stands in ``unanswered`` for that other.
    """

    def __init__(
        self,
        settings: Settings,
        chats: Mapping[Platform, ChatPort],
        *,
        sample_mode: bool,
        door: Door | None = None,
    ) -> None:
        self._settings = settings
        self._door = door
        self._chats = chats
        self._sample_mode = sample_mode
        self._monitor: Monitor | None = None
        self._stack = AsyncExitStack()
        self.left_samples = asyncio.Event()
        self.unanswered: list[Inbound] = []

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await (self._start_samples(stack) if self._sample_mode else self._start(stack))
            if self._monitor is not None:
                # The first to begin is the first to end, too: what stops is not asked whether it is well.
                stack.push_async_callback(self._monitor.stop)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        alone = stack.enter_context(only_process(self._settings.database_url))
        parts = await stack.enter_async_context(
            open_parts(self._settings, url=self._settings.database_url, clock=SystemClock())
        )
        workers = local_workers(parts, self._chats)
        await self._show(stack, parts, workers)
        if alone:
            # Whatever is leased was held by a process that died: nobody has to wait for its leases.
            await parts.store.release_leases()
        else:
            seats = _seats(self._settings)
            await stack.enter_async_context(held(seats, wait_s=limits.SEAT_WAIT_S, refusal=_NOT_ALONE))
        await seal_up(parts.store)
        now = parts.clock.now()
        for url in self._settings.feeds:
            await parts.store.add_feed(Feed(UNSAVED, url, "", now, shared=True, added_at=now))
        if self._door is not None:
            await open_door(stack, self._door, parts)
        await self._listen(stack, parts, workers)
        workers.start()
        stack.push_async_callback(workers.stop)
        timekeeper = Timekeeper(parts.store, parts.clock, workers.clock_was_set)
        timekeeper.start()
        stack.push_async_callback(timekeeper.stop)
        housekeeper = Housekeeper(
            parts.store, parts.clock, Kept(self._settings.keep_entries_days, self._settings.keep_seen_days)
        )
        housekeeper.start()
        stack.push_async_callback(housekeeper.stop)
        notices = NoticeWorker(Announcer(parts.store, self._chats, parts.clock), Lookout(parts.store, parts.clock))
        notices.start()
        stack.push_async_callback(notices.stop)

    async def _start_samples(self, stack: AsyncExitStack) -> None:
        stack.enter_context(only_process(self._settings.samples_url))
        stage = await stack.enter_async_context(open_stage(self._settings))
        parts = stage.parts
        workers = local_workers(parts, self._chats)
        player = SamplePlayer(stage, workers)
        await self._show(stack, parts, workers)
        await player.set_up(CONSOLE)
        await self._listen(stack, parts, workers)
        workers.start()
        stack.push_async_callback(workers.stop)
        playing = asyncio.create_task(player.play_slowly())
        stack.push_async_callback(_cancelled, playing)

    async def _show(self, stack: AsyncExitStack, parts: Parts, workers: LocalWorkers) -> None:
        """Serve health and figures, where a port is set for them: before a platform is waited for."""
        if self._settings.metrics_port is None:
            return
        from bot.monitor import Monitor  # noqa: PLC0415 - an HTTP server that most bots do without

        self._monitor = Monitor(parts.store, self._chats, parts.clock, tick_age_s=lambda: workers.tick_age_s)
        stack.push_async_callback(self._monitor.stop)
        await self._monitor.start(self._settings.metrics_host, self._settings.metrics_port)

    async def _listen(self, stack: AsyncExitStack, parts: Parts, workers: LocalWorkers) -> None:
        desk = BotDesk(parts, workers, sample_mode=self._sample_mode, left_samples=self.left_samples, chats=self._chats)
        for chat in self._chats.values():
            dispatcher = Dispatcher(desk, chat.may_change, commands_per_min=self._settings.commands_per_min)
            stack.push_async_callback(chat.stop)
            await keep_silence(parts.store, chat, now=parts.clock.now())
            await chat.start(partial(self._answered, dispatcher.handle), menu())
            await look_again(parts.store, chat)

    async def _answered(self, handler: InboundHandler, inbound: Inbound) -> tuple[Reply, ...]:
        if not self.left_samples.is_set():
            return await handler(inbound)
        self.unanswered.append(inbound)
        return ()


async def open_door(stack: AsyncExitStack, door: Door, parts: Parts) -> None:
    """Open the door, and let the hubs of feeds call there, if they can be told where it is."""
    await door.open()
    stack.push_async_callback(door.close)
    if parts.settings.public_url is None:
        return
    from bot.workers.hubs import Hubs  # noqa: PLC0415 - needs the door's HTTP server

    hubs = Hubs(parts.store, parts.fetcher, parts.clock, door=door, public_url=parts.settings.public_url)
    hubs.start()
    stack.push_async_callback(hubs.stop)
    parts.poller.on_document = hubs.heed


def local_workers(parts: Parts, chats: Mapping[Platform, ChatPort]) -> LocalWorkers:
    """Polling and delivery for these parts; a poll that leaves something to send wakes the delivery at once."""
    digester = Digester(parts.store, chats, parts.clock)
    workers = LocalWorkers(parts.poller, Deliverer(parts.store, chats, parts.clock, parts.wording), digester)
    parts.poller.on_deliveries = workers.wake_deliveries
    return workers


async def demo(settings: Settings, console: ChatPort) -> None:
    """Play the whole sample coverage without waiting and show the alerts."""
    async with open_stage(settings, url=IN_MEMORY) as stage:
        workers = local_workers(stage.parts, {console.platform: console})
        player = SamplePlayer(stage, workers)
        await player.set_up(CONSOLE)
        await player.play_at_once()


def _seats(settings: Settings) -> list[Seat]:
    """What makes this process the only one to speak on its PostgreSQL database; it has one console, too."""
    from bot.store.seat import Seat  # noqa: PLC0415 - needs a driver that most bots do without

    return [Seat(settings.database_url, token) for token in (Platform.CONSOLE.value, *tokens(settings).values())]


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
