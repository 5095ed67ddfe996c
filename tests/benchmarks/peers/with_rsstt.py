"""`rsstt`: its own fetching, parsing and comparing of entries, at a time all of them; its database is left out.

Its monitor cannot be driven without a Telegram account, so what it stores and sends is not part of the figures.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
from typing import Any

from tests.benchmarks.peers.stages import Asked, measure, say


class Monitor:
    """What its monitor keeps of each feed: etag and hashes of entries."""

    def __init__(self) -> None:
        self._get: Any = importlib.import_module("rsstt.web").feed_get
        self._compare: Any = importlib.import_module("rsstt.command.inner.utils").calculate_update
        self._etags: dict[str, str] = {}
        self._hashes: dict[str, list[str]] = {}
        self.seen = 0

    async def poll(self, url: str) -> None:
        """One feed."""
        headers = {"If-None-Match": self._etags[url]} if url in self._etags else {}
        feed = await self._get(url, headers=headers, verbose=False)
        if feed.status == 304 or feed.rss_d is None:
            return
        self._etags[url] = feed.web_response.etag
        hashes, new = self._compare(self._hashes.get(url), feed.rss_d.entries)
        self._hashes[url] = list(hashes)
        self.seen += sum(1 for _ in new)


async def poll_all(monitor: Monitor, urls: list[str]) -> None:
    """All feeds."""
    await asyncio.gather(*(monitor.poll(url) for url in urls))


def main() -> None:
    """Measure it."""
    os.environ |= {"TOKEN": "1:a", "MANAGER": "1", "HTTP_TIMEOUT": "600"}
    logging.disable(logging.CRITICAL)
    asked = Asked.of_command_line()
    os.chdir(asked.folder)
    sys.argv = sys.argv[:1]  # it reads them, too
    loop = importlib.import_module("rsstt.env").loop
    asyncio.set_event_loop(loop)
    importlib.import_module("rsstt.aio_helper").init()
    monitor = Monitor()
    say(measure(asked, lambda: loop.run_until_complete(poll_all(monitor, asked.urls))) | {"entries": monitor.seen})


if __name__ == "__main__":
    main()
