"""Looking up hosts' names so that a name which is slow to find holds up nothing but what asked for it.

The system's look-up (getaddrinfo) knows hosts files, search domains and all else that a resolver of our own would have
to learn, but it holds a thread for up to half a minute and cannot be stopped. So each has a thread to itself, for which
nothing else waits: so many at a time, and few for one site, whose names a stranger can make as slow as he likes. Who
waits is let go in time; the thread counts until it ends. This module must not judge the addresses that it finds.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack, suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from aiohttp.abc import AbstractResolver, ResolveResult

from bot import limits
from bot.text.urls import registrable_domain

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = list[tuple[int, int, int, str, tuple[Any, ...]]]
    """As ``socket.getaddrinfo`` gives it."""

_NUMERIC: Final = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class SlowLookupError(OSError):
    """A look-up took longer than it may, its wait for a turn included."""


class Lookups(AbstractResolver):
    """aiohttp's resolver: ``at_once`` look-ups at most, ``per_site`` of them for names below one registrable domain."""

    def __init__(
        self,
        *,
        timeout_s: float = limits.FETCH_CONNECT_TIMEOUT_S,
        at_once: int = limits.LOOKUPS,
        per_site: int = limits.LOOKUPS_PER_SITE,
    ) -> None:
        self._timeout_s = timeout_s
        self._all = asyncio.Semaphore(at_once)
        self._per_site = per_site
        self._sites: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises SlowLookupError, or what the look-up itself raises."""
        name = registrable_domain(f"http://{host}/") or host
        site = self._sites.setdefault(name, asyncio.Semaphore(self._per_site))
        # As aiohttp asks: for no addresses of a family that this machine has none of.
        kind: Any = {"family": family, "type": socket.SOCK_STREAM, "flags": socket.AI_ADDRCONFIG}
        ask: Any = partial(socket.getaddrinfo, host, port, **kind)
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await self._in_thread(ask, site)
        except TimeoutError:
            message = f"looking up its name takes longer than {self._timeout_s:g} s"
            raise SlowLookupError(message) from None
        # A Python that was built without IPv6 gives such addresses as bytes.
        usable = [row for row in found if isinstance(row[-1][0], str)]
        return [_result(host, family, protocol, address) for family, _, protocol, _, address in usable]

    async def close(self) -> None:
        """Nothing is held: threads end by themselves, and keep no process from ending."""

    async def _in_thread(self, ask: Callable[[], Found], site: asyncio.Semaphore) -> Found:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Found] = loop.create_future()
        held = ExitStack()
        try:
            # The site's own slot first: who waits for that must keep none from others.
            for slot in (site, self._all):
                await slot.acquire()
                held.callback(slot.release)
            work = (ask, loop, partial(_end, answer, held))
            Thread(target=_run, args=work, name="lookup", daemon=True).start()
        except BaseException:
            held.close()
            raise
        return await answer


def _run(ask: Callable[[], Found], loop: asyncio.AbstractEventLoop, end: Callable[[Found | Exception], None]) -> None:
    """In the thread: ask, and hand what came of it to the loop."""
    outcome: Found | Exception
    try:
        outcome = ask()
    except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
        outcome = error
    with suppress(RuntimeError):  # the loop was closed meanwhile
        loop.call_soon_threadsafe(end, outcome)


def _end(answer: asyncio.Future[Found], held: ExitStack, outcome: Found | Exception) -> None:
    """In the loop: let go of the slots, and answer whoever still waits."""
    held.close()
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


def _result(hostname: str, family: int, protocol: int, address: tuple[Any, ...]) -> ResolveResult:
    host, port, *more = address
    if family == socket.AF_INET6 and more[1]:
        host = f"{host}%{more[1]}"  # an address of one link is none without that
    return ResolveResult(hostname=hostname, host=host, port=port, family=family, proto=protocol, flags=_NUMERIC)
