"""A name that is slow to find holds up nothing but what asked for it."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.resolver import ThreadedResolver

from bot.errors import FetchError
from bot.feeds.fetch import Fetcher
from bot.feeds.lookups import Lookups, SlowLookupError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROWS: list[Any] = [
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 443)),
    (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::7", 443, 0, 0)),
    (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (10, b"\0\0")),
]


class Names:
    """The system's look-up: names with "slow" in them are found once ``found`` is set, those with "none" never."""

    def __init__(self) -> None:
        self.found = threading.Event()
        self.asked: list[str] = []
        self.under_way = self.most_under_way = 0
        self._lock = threading.Lock()

    def getaddrinfo(self, host: str, *_: object, **__: object) -> list[Any]:
        with self._lock:
            self.asked.append(host)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            if "slow" in host:
                self.found.wait(30)
            if "none" in host:
                raise socket.gaierror(socket.EAI_NONAME, "no such name")
            return ROWS
        finally:
            with self._lock:
                self.under_way -= 1


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.getaddrinfo)
    yield made
    made.found.set()


@asynccontextmanager
async def asking(lookups: Lookups, *hosts: str) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Tasks that look these up; they are under way, as far as they may be, and cancelled in the end."""
    tasks = [asyncio.create_task(lookups.resolve(host)) for host in hosts]
    await asyncio.sleep(0)
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_found_is_what_aiohttp_would_find(names: Names) -> None:
    found = await Lookups().resolve("news.example", 443, socket.AF_UNSPEC)
    assert found == await ThreadedResolver().resolve("news.example", 443, socket.AF_UNSPEC)
    assert [one["host"] for one in found] == ["192.0.2.7", "2001:db8::7"]
    assert names.asked == ["news.example"] * 2


async def test_the_names_of_one_site_hold_up_nobody_else(names: Names) -> None:
    lookups = Lookups(at_once=4, per_site=3)
    async with asking(lookups, *(f"n{number}.slow.example.com" for number in range(20))) as slow:
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "done"), 5) == "done"
        assert await asyncio.wait_for(lookups.resolve("news.example"), 5)
        assert not any(task.done() for task in slow)
        assert len(names.asked) <= 4
        # Nor do they hold up the end of the process.
        assert {thread.daemon for thread in threading.enumerate() if thread.name == "lookup"} == {True}
        names.found.set()
        await asyncio.wait_for(asyncio.gather(*slow), 5)
    assert len(names.asked) == 21


async def test_no_more_are_under_way_than_may_be(names: Names) -> None:
    lookups = Lookups(at_once=2, per_site=3)
    async with asking(lookups, *(f"slow{number}.example" for number in range(5))) as slow:
        names.found.set()
        await asyncio.wait_for(asyncio.gather(*slow), 5)
    assert names.most_under_way <= 2


async def test_who_waits_is_let_go_and_the_thread_counts_until_it_ends(names: Names) -> None:
    lookups = Lookups(timeout_s=0.02, per_site=1)
    for host in ("a.slow.example.com", "b.slow.example.com"):
        with pytest.raises(SlowLookupError, match=r"takes longer than 0\.02 s"):
            await lookups.resolve(host)
    assert "b.slow.example.com" not in names.asked
    names.found.set()
    lookups._timeout_s = 5  # noqa: SLF001 - the same look-ups, in no hurry
    assert await lookups.resolve("c.slow.example.com")


async def test_what_was_given_up_while_it_waited_is_not_begun(names: Names) -> None:
    lookups = Lookups(at_once=1)
    async with asking(lookups, "slow.example"):
        async with asking(lookups, "other.example"):
            pass
        names.found.set()
        assert await lookups.resolve("news.example")
    assert names.asked == ["slow.example", "news.example"]


async def test_the_fault_of_a_look_up_is_passed_on(names: Names) -> None:
    lookups = Lookups(at_once=1)
    for _ in range(2):
        with pytest.raises(socket.gaierror, match="no such name"):
            await lookups.resolve("none.example")
    assert len(names.asked) == 2


async def test_a_fetch_says_that_it_was_the_look_up(names: Names) -> None:
    async with Fetcher(user_agent="x", connect_timeout_s=0.02) as fetcher:
        with pytest.raises(FetchError, match=r"slow\.example cannot be found: looking up its name takes longer"):
            await fetcher.get("http://slow.example/feed")
        with pytest.raises(FetchError, match="there is no such host"):
            await fetcher.get("http://none.example/feed")
    assert names.asked == ["slow.example", "none.example"]
