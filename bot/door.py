"""The one HTTP server that others on the internet may reach: platforms and hubs bring their news to its paths.

Whoever listens at a path proves by itself who speaks there (a secret, a signature); the door knows nobody. It is open
only where something listens, and must not serve figures or health: those are the monitor's, on a port of its own.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot import logs
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Listener = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logs.get(__name__)

BODY_BYTES: Final = 2 * 1024 * 1024
"""More than any platform sends in one request."""

ANSWER_TIMEOUT_S: Final = 20.0
"""For reading a request in full and answering it: who sends a byte a second is shown out."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a fault of the server is one of ours: what strangers send that is no HTTP would fill any log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


logging.getLogger("aiohttp.server").addFilter(_is_ours)


class Door:
    """Listens at ``host``:``port`` from ``open`` to ``close``; port 0 takes a free one, and ``port`` says which."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._listeners: dict[str, Listener] = {}
        self._runner: web.AppRunner | None = None

    def listen(self, path: str, listener: Listener) -> None:
        """Let ``listener`` answer at ``path``; one that ends in "/" stands for all paths below it. Open or not."""
        self._listeners[path] = listener

    def leave(self, path: str) -> None:
        """Nobody answers at ``path`` any more."""
        self._listeners.pop(path, None)

    async def open(self) -> None:
        """Begin to answer. Raises SettingsError if the port is taken."""
        site = web.Application(client_max_size=BODY_BYTES)
        site.router.add_route("*", "/{path:.*}", self._answer)
        # Nobody who has business here packs what they send: to unpack it would be work that any stranger can order.
        self._runner = web.AppRunner(site, access_log=None, auto_decompress=False)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self.host, self.port).start()
        except OSError as error:
            await self.close()
            message = f"BACKSTORY_HTTP_HOST and _PORT: {self.host}:{self.port} cannot be listened on ({error.strerror})"
            raise SettingsError(message) from error
        self.port = self._runner.addresses[0][1]
        log.info("open to requests", port=self.port, paths=sorted(self._listeners))

    async def close(self) -> None:
        """Answer no more; what is being answered is finished. Safe to call twice."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        listener = self._listener(request.path)
        if listener is None:
            return web.Response(status=404)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await listener(request)
        except TimeoutError:
            return web.Response(status=408)

    def _listener(self, path: str) -> Listener | None:
        below = (known for start, known in self._listeners.items() if start.endswith("/") and path.startswith(start))
        return self._listeners.get(path) or next(below, None)
