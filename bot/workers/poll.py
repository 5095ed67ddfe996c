"""Polling: claim feeds that are due, fetch, parse, hand the entries to the pipeline, write down how it went.

A feed's etag moves only in the transaction that stores its entries. A first poll stores silently, so that adding a feed
never floods a chat with its past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import crashpoints, limits, logs
from bot.errors import BackstoryError, FeedParseError
from bot.feeds.health import Answered, Failed, Unchanged, next_poll
from bot.workers.pipeline import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime

    from bot.clock import Clock
    from bot.feeds.fetch import Fetched, Fetcher
    from bot.feeds.parse import ParsedFeed
    from bot.feeds.parsers import Parsers
    from bot.model import Feed, IngestPlan, Poll
    from bot.store.port import Store
    from bot.workers.pipeline import Pipeline

log = logs.get(__name__)

_NOT_MODIFIED = 304
_LEASE_S = 4 * limits.FETCH_TOTAL_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that answered with a feed."""

    fetched: Fetched
    feed: ParsedFeed


@dataclass(frozen=True, slots=True)
class Source:
    """Where bodies come from and what reads them."""

    fetcher: Fetcher
    parsers: Parsers


class Poller:
    """Polls feeds into a store. ``on_deliveries`` is called when a poll left something to send."""

    def __init__(
        self,
        store: Store,
        source: Source,
        pipeline: Pipeline,
        clock: Clock,
        *,
        interval_bounds_s: tuple[float, float],
    ) -> None:
        self._store = store
        self._source = source
        self._pipeline = pipeline
        self._clock = clock
        self._interval_bounds_s = interval_bounds_s
        self.on_deliveries: Callable[[], None] = lambda: None

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Lease feeds that are due."""
        feeds = await self._store.claim_due_feeds(now=self._clock.now(), lease_s=_LEASE_S, limit=limit)
        return [self.poll(feed) for feed in feeds]

    async def poll(self, feed: Feed) -> None:
        """Poll one feed now. Whatever goes wrong with it is written down beside it, never raised."""
        try:
            checked = await self._ask(feed.url, feed.etag, feed.last_modified)
            if checked is None:
                await self._store.record_poll(self._next(feed, Unchanged()))
            else:
                await self.take_in(feed, checked)
        except BackstoryError as error:
            log.info("feed failed", feed_id=feed.id, reason=str(error))
            await self._store.record_poll(self._next(feed, Failed(error)))
        except Exception:
            # Hostile input found a hole in us: the feed backs off, the others go on.
            log.exception("feed could not be taken in", feed_id=feed.id)
            await self._store.record_poll(self._next(feed, Failed(FeedParseError("internal error, see the log"))))

    async def check(self, url: str) -> Checked:
        """Fetch an address that somebody asks to add.

        Raises:
            FetchError: it cannot be fetched.
            FeedParseError: what is there is no feed.
        """
        checked = await self._ask(url, None, None)
        if checked is None:
            raise FeedParseError("the server says that nothing has changed, though it was never asked before")
        return checked

    async def take_in(self, feed: Feed, checked: Checked) -> IngestPlan:
        """Store what a feed holds: silently if it is the first time."""
        plan = await self._pipeline.ingest(
            feed,
            checked.feed.entries,
            now=self._clock.now(),
            poll=lambda new: self._answered(feed, checked, new),
            options=Options(silent=not feed.baselined),
        )
        crashpoints.reach("ingested")
        if plan.deliveries:
            self.on_deliveries()
        return plan

    async def _ask(self, url: str, etag: str | None, last_modified: str | None) -> Checked | None:
        fetched = await self._source.fetcher.get(url, etag=etag, last_modified=last_modified)
        if fetched.status == _NOT_MODIFIED:
            return None
        crashpoints.reach("fetched")
        parsed = await self._source.parsers.feed(fetched.body, url=fetched.url, content_type=fetched.content_type)
        return Checked(fetched, parsed)

    def _answered(self, feed: Feed, checked: Checked, new: int) -> Poll:
        fetched, parsed = checked.fetched, checked.feed
        dates: list[datetime] = [entry.published_at for entry in parsed.entries if entry.published_at is not None]
        return self._next(
            feed,
            Answered(
                title=parsed.title,
                lang=parsed.lang,
                etag=fetched.etag,
                last_modified=fetched.last_modified,
                dates=dates,
                new=new,
                hint_s=max(parsed.ttl_s or 0, fetched.max_age_s or 0) or None,
                moved_to=fetched.moved_to,
            ),
        )

    def _next(self, feed: Feed, outcome: Answered | Unchanged | Failed) -> Poll:
        return next_poll(feed, now=self._clock.now(), outcome=outcome, bounds_s=self._interval_bounds_s)
