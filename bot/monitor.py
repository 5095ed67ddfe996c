"""What a machine may ask this process over HTTP: does it live, is it ready, and its figures. Nothing else is served.

``/healthz`` answers while the process does; ``/readyz`` if the store answers, the workers tick and every chat platform
is connected; ``/status`` the text of `backstory status`; ``/metrics`` the same for Prometheus. No answer holds a
secret, an address or anything that a person wrote.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from aiohttp import web

from bot import limits, logs
from bot.errors import BackstoryError, SettingsError
from bot.report import status_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from bot.chats.chat import ChatPort
    from bot.clock import Clock
    from bot.metrics import Moment
    from bot.model import Platform
    from bot.store.port import Store

log = logs.get(__name__)

ANSWER_TIMEOUT_S: Final = 5.0
"""How long the store or a platform may take before it counts as not answering."""

IDLE_S: Final = 120.0
"""How long a connection may rest, or take over the head of a request: longer than from one scrape to the next."""

_UNAVAILABLE: Final = 503


class Monitor:
    """The HTTP server, an async context manager. Port 0 takes any free one; ``port`` says which."""

    def __init__(
        self, store: Store, chats: Mapping[Platform, ChatPort], clock: Clock, *, tick_age_s: Callable[[], float | None]
    ) -> None:
        self._store = store
        self._chats = chats
        self._clock = clock
        self._tick_age_s = tick_age_s
        self._checked: dict[Platform, tuple[float, bool]] = {}
        self._checking = asyncio.Lock()
        self._runner: web.AppRunner | None = None
        self.port: int | None = None

    async def start(self, host: str, port: int) -> Self:
        """Begin to listen. Raises SettingsError if the port is taken."""
        site = web.Application(client_max_size=1024)
        site.router.add_get("/healthz", self._healthz)
        site.router.add_get("/readyz", self._readyz)
        site.router.add_get("/status", self._status)
        site.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(site, access_log=None, keepalive_timeout=IDLE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            message = f"BACKSTORY_METRICS_HOST and _PORT: {host}:{port} cannot be listened on ({error.strerror})"
            raise SettingsError(message) from error
        self.port = self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # ------------------------------------------------------------ answers

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def _readyz(self, _: web.Request) -> web.Response:
        parts = {"store": await self._store_answers(), "ticks": self._ticks()}
        parts |= {f"chat {name}": well for name, well in await self._connected()}
        ready = all(parts.values())
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else _UNAVAILABLE)

    async def _status(self, _: web.Request) -> web.Response:
        moment = await self._moment()
        if moment is None:
            return web.Response(text="The store does not answer.\n", status=_UNAVAILABLE)
        return web.Response(text=status_text(moment.status, moment.now) + "\n")

    async def _metrics(self, _: web.Request) -> web.Response:
        from bot.metrics import CONTENT_TYPE, exposition  # noqa: PLC0415 - only who asks for metrics pays its import

        moment = await self._moment()
        if moment is None:
            return web.Response(text="# the store does not answer\n", status=_UNAVAILABLE)
        body = await asyncio.to_thread(exposition, moment)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    # ------------------------------------------------------------ looking

    async def _moment(self) -> Moment | None:
        from bot.metrics import Moment  # noqa: PLC0415 - see above

        now = self._clock.now()
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                status = await self._store.status(since=now - timedelta(seconds=limits.LAG_SPAN_S), now=now)
        except Exception as error:  # noqa: BLE001 - a driver's errors are many, and each means the same here
            log.warning("the store does not answer", error=type(error).__name__)
            return None
        connected = await self._connected()
        return Moment(now, status, self._tick_age_s(), connected, tasks=len(asyncio.all_tasks()))

    async def _store_answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await self._store.topics_version()
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("the store does not answer", error=type(error).__name__)
            return False
        return True

    def _ticks(self) -> bool:
        age_s = self._tick_age_s()
        return age_s is not None and age_s <= limits.TICK_LATE_S

    async def _connected(self) -> tuple[tuple[str, bool], ...]:
        """Each platform, and whether it answers; asked again after a while only, whoever asks how often.

        Before the first tick none is asked: it may be about to begin, and does not listen yet.
        """
        if self._tick_age_s() is None:
            return tuple((chat.platform.value, False) for chat in self._chats.values())
        async with self._checking:
            return tuple([(chat.platform.value, await self._answers(chat)) for chat in self._chats.values()])

    async def _answers(self, chat: ChatPort) -> bool:
        asked_at, well = self._checked.get(chat.platform, (-limits.READY_CACHE_S, False))
        if time.monotonic() - asked_at < limits.READY_CACHE_S:
            return well
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await chat.check()
            well = True
        except (BackstoryError, TimeoutError) as error:
            log.warning("a chat platform does not answer", platform=chat.platform.value, error=type(error).__name__)
            well = False
        self._checked[chat.platform] = (time.monotonic(), well)
        return well
