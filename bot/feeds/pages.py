"""The text of an article from its page, for entries whose feed gives little of it.

Fetched through the guard, with leave of robots.txt, one page of a host at a time and with pauses between them, read
where it can be stopped. Whatever goes wrong is an outcome, never an error: the feed's own text is always there. This
module must not decide which pages are worth it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from yarl import URL

from bot import limits, logs
from bot.errors import FeedParseError, FetchError
from bot.feeds.hosts import parse_address, same_host, shown_host
from bot.feeds.robots import Robots

if TYPE_CHECKING:
    from bot.feeds.fetch import Fetched, Fetcher
    from bot.feeds.parsers import Parsers

log = logs.get(__name__)

_HTML: Final = ("text/html", "application/xhtml+xml")
_HOSTS_KEPT: Final = 1000


class PageOutcome(StrEnum):
    """What became of a page; the names of its counters are ``pages.`` and this."""

    FETCHED = "fetched"
    ROBOTS = "robots"  # the site does not want it fetched
    FAILED = "failed"  # not there, no article, another kind of file, not public
    LATE = "late"  # not within the time that an alert may wait for it


@dataclass(frozen=True, slots=True)
class Page:
    """The outcome, and the article's paragraphs joined by a newline where there is one ("" elsewhere)."""

    outcome: PageOutcome
    text: str = ""


@dataclass(slots=True)
class _Host:
    """One page at a time: the lock is held over the pause and the fetch. ``misses`` counts pages that gave nothing."""

    lock: asyncio.Lock
    free_at_s: float = 0.0
    misses: int = 0
    shunned_until_s: float = 0.0

    def count(self, outcome: PageOutcome) -> None:
        """A host whose pages give nothing, time after time, holds up no alert for a while."""
        self.misses = 0 if outcome in {PageOutcome.FETCHED, PageOutcome.ROBOTS} else self.misses + 1
        if self.misses >= limits.ARTICLE_MISSES:
            self.misses = 0
            self.shunned_until_s = time.monotonic() + limits.ARTICLE_SHUNNED_S


class Pages:
    """Reads article pages; one for the process."""

    def __init__(self, fetcher: Fetcher, parsers: Parsers, *, user_agent: str) -> None:
        self._fetcher = fetcher
        self._parsers = parsers
        self._robots = Robots(fetcher, user_agent=user_agent)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    async def read(self, url: str, *, feed_url: str, timeout_s: float = limits.ARTICLE_PAGE_S) -> Page:
        """The article at an address that a feed named, within ``timeout_s``, its turn included.

        A host of a private network that a setting allows is asked for a page only if the feed itself comes from there:
        what a stranger's feed links to is never fetched from inside.
        """
        try:
            host = self._host(parse_address(url))
        except FetchError:
            return Page(PageOutcome.FAILED)
        if time.monotonic() < host.shunned_until_s:
            return Page(PageOutcome.FAILED)
        try:
            async with asyncio.timeout(timeout_s):
                page = await self._read(url, host, private=same_host(url, feed_url))
        except TimeoutError:
            page = Page(PageOutcome.LATE)
        except (FetchError, FeedParseError) as error:
            log.info("page gave no text", reason=str(error))
            page = Page(PageOutcome.FAILED)
        host.count(page.outcome)
        return page

    async def _read(self, url: str, host: _Host, *, private: bool) -> Page:
        async with host.lock:
            manners = await self._robots.manners(url, private=private)
            if not manners.allowed:
                return Page(PageOutcome.ROBOTS)
            await asyncio.sleep(max(0.0, host.free_at_s - time.monotonic()))
            try:
                fetched = await self._fetcher.get(url, max_bytes=limits.PAGE_BODY_BYTES, private=private)
            finally:
                host.free_at_s = time.monotonic() + manners.delay_s
        if URL(fetched.url).origin() != URL(url).origin():
            # Only the way there showed where the page is: that site's word counts, too.
            manners = await self._robots.manners(fetched.url, private=private)
            if not manners.allowed:
                return Page(PageOutcome.ROBOTS)
        if not _is_html(fetched):
            return Page(PageOutcome.FAILED)
        text = await self._parsers.article(fetched.body, url=fetched.url, content_type=fetched.content_type)
        return Page(PageOutcome.FETCHED, text)

    def _host(self, address: URL) -> _Host:
        host = self._hosts.setdefault(shown_host(address), _Host(asyncio.Lock()))
        self._hosts.move_to_end(shown_host(address))
        for name, other in list(self._hosts.items()) if len(self._hosts) > _HOSTS_KEPT else ():
            if not other.lock.locked() and other.free_at_s < time.monotonic():
                del self._hosts[name]
        return host


def _is_html(fetched: Fetched) -> bool:
    kind = fetched.content_type.partition(";")[0].strip().lower()
    return not kind or kind in _HTML
