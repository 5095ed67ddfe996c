"""The bound: an aiohttp client that fetches, keeps etags, and does nothing with what it gets."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.benchmarks.peers.stages import Asked, measure, say

AT_ONCE = 20


async def poll_all(session: aiohttp.ClientSession, etags: dict[str, str], urls: list[str]) -> None:
    """All feeds, so many at a time."""
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with session.get(url, headers=headers) as response:
                await response.read()
                etags[url] = response.headers["ETag"]

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def main() -> None:
    """Measure it."""
    asked = Asked.of_command_line()
    loop = asyncio.new_event_loop()
    session = loop.run_until_complete(_session())
    etags: dict[str, str] = {}
    taken = measure(asked, lambda: loop.run_until_complete(poll_all(session, etags, asked.urls)))
    loop.run_until_complete(session.close())
    say(taken)


async def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession()


if __name__ == "__main__":
    main()
