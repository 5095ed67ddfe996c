"""Requests that come to a worker which does not speak are handed to the one that does, and its answer is handed back.

So whatever stands before a fleet may lead to any of its workers. Where the seat changes hands the request waits for
the next holder, for as long as the platform waits for us. Who sent it is not asked here: the holder checks that.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, Protocol

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from bot import logs
from bot.door import ANSWER_TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Iterable

log = logs.get(__name__)

WAIT_S: Final = 2.5
"""How long a holder is waited for: Slack takes a command for failed after three seconds (see docs.slack.dev)."""

LOOK_S: Final = 0.1
"""How often the database is asked at most who the holder is, however many ask us: strangers may, too."""

_CONNECT_TIMEOUT_S: Final = 1.0
_MARK: Final = "X-Backstory-Handed-On"
_MISDIRECTED: Final = 421
"""The answer of a worker that was taken for the holder and is none (RFC 9110, 15.5.20): nothing was done."""

_OF_ONE_CONNECTION: Final = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that are not handed on: they are about one connection (RFC 9110, 7.6.1), or made anew."""


class Held(Protocol):
    """The seat of a platform, as seen by all workers; ``bot.store.seat.Seat``."""

    async def holder(self) -> str | None:
        """Where the one that holds it is reached, as ``host:port``; None where that is not known."""
        ...


class Relay:
    """A listener for the door of a worker: stands in for a platform's own where this worker does not speak."""

    def __init__(self, seat: Held, *, wait_s: float = WAIT_S, look_s: float = LOOK_S) -> None:
        self._seat = seat
        self._wait_s = wait_s
        self._look_s = look_s
        self._looking = asyncio.Lock()
        self._address: str | None = None
        self._looked_at = -look_s

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What the holder answers; 503 where there is none in time, so that the platform comes back."""
        if _MARK in request.headers:
            return web.Response(status=_MISDIRECTED)
        if not request.raw_path.startswith("/"):
            return web.Response(status=400)  # it names a host of its own, and would be part of ours
        body = await request.read()
        until = time.monotonic() + self._wait_s
        while True:
            address = await self._holder()
            answer = await _asked(address, request, body) if address else None
            if answer is not None:
                return answer
            if time.monotonic() >= until:
                log.warning("no worker that speaks could be reached", path=request.path, tried=address)
                return web.Response(status=503)
            await asyncio.sleep(self._look_s)

    async def _holder(self) -> str | None:
        async with self._looking:
            if time.monotonic() - self._looked_at >= self._look_s:
                self._address = await self._seat.holder()
                self._looked_at = time.monotonic()
            return self._address


async def _asked(address: str, request: web.Request, body: bytes) -> web.Response | None:
    """The answer of the worker there; None where nothing has come of it yet, so that another may be asked."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_TIMEOUT_S, sock_connect=_CONNECT_TIMEOUT_S)
    headers = _of_the_message(request.headers.items())
    headers[_MARK] = "1"
    try:
        async with (
            aiohttp.ClientSession(
                timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
            ) as session,
            session.request(
                request.method,
                URL(f"http://{address}{request.raw_path}", encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
            ) as answer,
        ):
            if answer.status == _MISDIRECTED:
                return None
            said = await answer.read()
            return web.Response(status=answer.status, body=said, headers=_of_the_message(answer.headers.items()))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return None
    except (aiohttp.ClientError, TimeoutError) as error:
        # It may have been heeded: the platform knows better than we whether to come again.
        log.warning("the worker that speaks did not answer", path=request.path, error=type(error).__name__)
        return web.Response(status=503)


def _of_the_message(headers: Iterable[tuple[str, str]]) -> CIMultiDict[str]:
    """Those headers that belong to the message, whatever connection it travels by."""
    return CIMultiDict((name, value) for name, value in headers if name.lower() not in _OF_ONE_CONNECTION)
