"""The one HTTP server that others on the internet may reach: platforms and hubs bring their news to its paths.

Whoever listens at a path proves by itself who speaks there (a secret, a signature); the door knows nobody. It is open
only where something listens, and must not serve figures or health: those are the monitor's, on a port of its own.

Each connection brings one request, at once: behind the proxy that stands before the door another costs nothing, and
what is left open is then a stranger's who means to hold it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot import logs
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Guest = web.RequestHandler
    Listener = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logs.get(__name__)

BODY_BYTES: Final = 2 * 1024 * 1024
"""More than any platform sends in one request."""

SMALL_BODY_BYTES: Final = 64 * 1024
"""Of nearly all that platforms send. Larger bodies, and those that do not say how large they are, are read in turn."""

LARGE_BODIES: Final = 8
"""Read at a time: who speaks is often known only when all is read, and strangers must not fill the memory."""

HEAD_TIMEOUT_S: Final = 15.0
"""For the head of a request, from the moment when somebody connects."""

ANSWER_TIMEOUT_S: Final = 20.0
"""For reading a request in full and answering it: who sends a byte a second is shown out."""

CONNECTIONS: Final = 256
"""Open at a time; what the system hands over at once may come on top of that."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a fault of the server is one of ours: what strangers send that is no HTTP would fill any log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


logging.getLogger("aiohttp.server").addFilter(_is_ours)


class Door:
    """Listens at ``host``:``port`` from ``open`` to ``close``; port 0 takes a free one, and ``port`` says which."""

    def __init__(
        self, host: str, port: int, *, head_timeout_s: float = HEAD_TIMEOUT_S, connections: int = CONNECTIONS
    ) -> None:
        self.host = host
        self.port = port
        self._head_timeout_s = head_timeout_s
        self._most = connections
        self._listeners: dict[str, Listener] = {}
        self._stand_ins: dict[str, Listener] = {}
        self._answering: set[Guest] = set()
        self._room = asyncio.Semaphore(LARGE_BODIES)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    def listen(self, path: str, listener: Listener) -> None:
        """Let ``listener`` answer at ``path``; one that ends in "/" stands for all paths below it. Open or not."""
        self._listeners[path] = listener

    def stand_in(self, path: str, listener: Listener) -> None:
        """Let ``listener`` answer at ``path``, written as for ``listen``, while nobody else does."""
        self._stand_ins[path] = listener

    def leave(self, path: str) -> None:
        """Nobody answers at ``path`` any more."""
        self._listeners.pop(path, None)

    async def open(self) -> None:
        """Begin to answer. Raises SettingsError if the port is taken."""
        site = web.Application(client_max_size=BODY_BYTES)
        site.router.add_route("*", "/{path:.*}", self._answer)
        # Nobody who has business here packs what they send: to unpack it would be work that any stranger can order.
        # What waits for its turn waits with the system: the library would take half a megabyte of it.
        # The library's time for a connection that rests is also the one within which a head has to be there in full.
        kind: Any = {
            "auto_decompress": False,
            "keepalive_timeout": self._head_timeout_s,
            "read_bufsize": SMALL_BODY_BYTES // 2,
        }
        self._runner = web.AppRunner(site, access_log=None, **kind)
        await self._runner.setup()
        admit = partial(self._admit, cast("web.Server", self._runner.server))  # which it has from now on
        try:
            self._server = await asyncio.get_running_loop().create_server(admit, self.host, self.port)
        except OSError as error:
            await self.close()
            message = f"BACKSTORY_HTTP_HOST and _PORT: {self.host}:{self.port} cannot be listened on ({error.strerror})"
            raise SettingsError(message) from error
        self.port = self._server.sockets[0].getsockname()[1]
        log.info("open to requests", port=self.port, paths=sorted(self._listeners))

    async def close(self) -> None:
        """Answer no more; what is being answered is finished. Safe to call twice."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def _admit(self, site: web.Server) -> asyncio.Protocol:
        """Let one more in. Where it is full another goes: of the address that most come from, the first who idles."""
        guests = [guest for guest in site.connections if guest.connected]
        if len(guests) >= self._most:
            crowd = Counter(map(_peer, guests))
            max(guests, key=lambda guest: (crowd[_peer(guest)], guest not in self._answering)).force_close()
        return site()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        listener = self._listener(request.path)
        if listener is None:
            return _last(web.Response(status=404))
        self._answering.add(request.protocol)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S), nullcontext() if _is_small(request) else self._room:
                return _last(await listener(request))
        except TimeoutError:
            return _last(web.Response(status=408))
        except (ConnectionError, RuntimeError) as error:
            if request.transport is not None:
                raise
            # Who hangs up in the middle of a request is no fault of ours: strangers could fill any log with it.
            log.debug("whoever asked is gone", path=request.path, error=type(error).__name__)
            return web.Response(status=400)
        finally:
            self._answering.discard(request.protocol)

    def _listener(self, path: str) -> Listener | None:
        return _at(path, self._listeners) or _at(path, self._stand_ins)


def _at(path: str, listeners: dict[str, Listener]) -> Listener | None:
    below = (known for start, known in listeners.items() if start.endswith("/") and path.startswith(start))
    return listeners.get(path) or next(below, None)


def _is_small(request: web.Request) -> bool:
    said = request.content_length
    return not request.body_exists or (said is not None and said <= SMALL_BODY_BYTES)


def _peer(guest: Guest) -> str:
    """The address that a connection came from."""
    name = guest.transport.get_extra_info("peername") if guest.transport else None
    return str(name[0]) if name else ""


def _last(answer: web.StreamResponse) -> web.StreamResponse:
    """The answer, with which its connection ends."""
    answer.force_close()
    return answer
