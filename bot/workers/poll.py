"""Polling: claim feeds that are due, fetch, parse, hand the entries to the pipeline, write down how it went.

A feed's etag moves only in the transaction that stores its entries. A first poll stores silently, so that adding a feed
never floods a chat with its past; only what was published since it was added is told.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import bulk, crashpoints, limits, logs, memory
from bot.alerts.first_poll import news_of
from bot.alerts.notices import after_poll
from bot.errors import BackstoryError, FeedParseError
from bot.feeds import delta
from bot.feeds.health import MOVES_BEFORE_FOLLOWED, Answered, Failed, Postponed, Unchanged, next_poll, times_moved
from bot.feeds.parse import ParsedFeed, parse_plain_feed
from bot.feeds.skips import read_skips
from bot.feeds.split import is_cut
from bot.text.urls import without_keys
from bot.together import Together
from bot.workers.lines import Lines, Turn
from bot.workers.pipeline import Options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from datetime import datetime

    from bot.clock import Clock
    from bot.feeds.delta import Reduced, Remembered
    from bot.feeds.fetch import Fetched, Fetcher
    from bot.feeds.health import Outcome
    from bot.feeds.parsers import Parsers
    from bot.model import Feed, IngestPlan, Poll
    from bot.store.port import Store
    from bot.workers.pipeline import Pipeline

log = logs.get(__name__)

_NOT_MODIFIED = 304
_NOTHING_NEW = ParsedFeed("", None, None, ())
_LEASE_S = 4 * limits.FETCH_TOTAL_TIMEOUT_S
_LEASE_LEFT_S = 3 * limits.FETCH_TOTAL_TIMEOUT_S
"""A poll begins with no less: it may wait for a fetch of others to end, then fetch, then wait to be stored."""
_LOOK_AGAIN_S = limits.TICK_S / 4
"""Where nothing more was due, and polls are under way, the end of each of them is no reason to ask the store again."""
_RECORD_TRIES = 30
_PAUSE_AFTER_ERROR_S = 2.0


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that answered with a feed.

    Of a known feed it may hold the new entries alone; then ``document`` is what to remember of the whole.
    ``moved_times`` is how often in a row permanent redirects have led to where it came from.
    """

    fetched: Fetched
    feed: ParsedFeed
    document: Remembered | None = None
    moved_times: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where bodies come from and what reads them."""

    fetcher: Fetcher
    parsers: Parsers


class Poller:
    """Polls feeds into a store. ``on_deliveries`` is called when a poll left something to send.

    ``on_room`` is called when a host has answered: another of its feeds can be claimed while that answer is taken in.
    ``on_document``, where it is set, is shown each document of a feed that is not the one before; it must not raise.
    """

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
        self._records = Together(self._record_all, most=limits.POLLS_CLAIMED, pause_s=limits.RECORD_PAUSE_S)
        self._documents = Together(self._documents_of, most=limits.POLLS_CLAIMED)
        self._source = source
        self._pipeline = pipeline
        self._clock = clock
        self._under_way = 0
        self._taken_in = 0
        self._lines = Lines(limits.CONNECTIONS_PER_HOST)
        self._halted = False
        self._looked_at: datetime | None = None
        self._interval_bounds_s = interval_bounds_s
        self.on_deliveries: Callable[[], None] = lambda: None
        self.on_room: Callable[[], None] = lambda: None
        self.on_document: Callable[[Feed, Fetched], Awaitable[None]] | None = None

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Lease feeds that are due: many at a time, since a claim costs the same for one.

        Those of a host whose places are taken wait in its line, and are given out by a later call.
        """
        if limit >= limits.POLLS_CLAIM or not self._under_way:
            await self._fill_lines(limit)
        if self._halted:
            await self.halt()  # some were claimed while all others were let go
        return [self._take(turn) for turn in self._lines.begin(limit)]

    async def _fill_lines(self, limit: int) -> None:
        """Claim until so many may begin, or nothing more is due: what waits for a busy host is none of them."""
        while not self._halted and (wanted := limit - self._lines.ready) > 0:
            now = self._clock.now()
            if self._under_way and self._has_just_looked(now):
                break
            feeds = await self._store.claim_due_feeds(now=now, lease_s=_LEASE_S, limit=wanted)
            for feed in feeds:
                self._lines.join(_leased(feed, now))
            if len(feeds) < wanted:
                self._looked_at = now
                break

    def _has_just_looked(self, now: datetime) -> bool:
        """Whether nothing more was due a moment ago."""
        looked_at = self._looked_at
        return looked_at is not None and timedelta(0) <= now - looked_at < timedelta(seconds=_LOOK_AGAIN_S)

    async def poll_if_due(self, feed_id: int) -> None:
        """Poll one feed, unless it is not due any more or another process is at it; then those in line for its host.

        Where its host's places are taken it joins that line, and whoever holds a place polls it.
        """
        now = self._clock.now()
        feed = await self._store.claim_feed(feed_id, now=now, lease_s=_LEASE_S)
        if feed is None:
            return
        joined = _leased(feed, now)
        self._lines.join(joined)
        while not self._halted and (turn := self._lines.begin_at(joined.host)) is not None:
            await self._take(turn)
        if self._halted:
            await self.halt()  # this one may have come after all others were let go

    async def halt(self) -> None:
        """Begin no more: those in line are anybody's from now on."""
        self._halted = True
        now = self._clock.now()
        for turn in self._lines.dissolve():
            try:
                await self._store.claim_feed(turn.feed.id, now=now, lease_s=0, held_until=turn.until)
            except Exception:
                log.exception("a feed waits for its lease", feed_id=turn.feed.id)

    async def _take(self, turn: Turn) -> None:
        with ExitStack() as place:
            place.callback(self._give_back, turn)
            now = self._clock.now()
            current: Turn | None = turn
            if turn.until < now + timedelta(seconds=_LEASE_LEFT_S):
                # It stood in line for long: its lease begins anew, unless that ran out and another has it.
                feed = await self._store.claim_feed(turn.feed.id, now=now, lease_s=_LEASE_S, held_until=turn.until)
                current = None if feed is None else _leased(feed, now)
            if current is not None:
                await self.poll(current.feed, lease_until=current.until, on_fetched=place.close)

    def _give_back(self, turn: Turn) -> None:
        self._lines.end(turn)
        self.on_room()

    async def poll(
        self, feed: Feed, *, lease_until: datetime | None = None, on_fetched: Callable[[], None] = lambda: None
    ) -> None:
        """Poll one feed now. Whatever goes wrong with it is written down beside it, never raised.

        A fault after ``lease_until`` is none of the feed's: this process slept, and another has polled it since.
        ``on_fetched`` is called when its host has answered.
        """
        self._under_way += 1
        began_at = self._clock.now()
        try:
            await self._poll_and_record(feed, lease_until, on_fetched)
            if self._clock.now() < began_at - timedelta(seconds=limits.CLOCK_STEP_S):
                await self._pull_in(feed)
        finally:
            self._under_way -= 1
        if not self._under_way and self._taken_in >= limits.GIVE_BACK_AFTER:
            self._taken_in = 0
            await bulk.run(memory.give_back)

    async def _pull_in(self, feed: Feed) -> None:
        """Let nothing of this poll wait for the clock of before it was set back."""
        try:
            await self._store.clock_set_back_during_poll(feed.id, now=self._clock.now())
        except Exception:
            log.exception("what a poll left behind may wait for a clock that was set back", feed_id=feed.id)

    async def _poll_and_record(self, feed: Feed, lease_until: datetime | None, on_fetched: Callable[[], None]) -> None:
        fault: Failed | Postponed | None = None
        try:
            await self._poll(feed, on_fetched)
        except BackstoryError as error:
            log.info("feed failed", feed_id=feed.id, reason=str(error))
            fault = Failed(error)
        except Exception as error:
            # Hostile input found a hole in us: the feed backs off, the others go on. A database that is away is no
            # fault of the feed's.
            log.exception("feed could not be taken in", feed_id=feed.id)
            away = self._store.is_away(error)
            fault = Postponed() if away else Failed(FeedParseError("internal error, see the log"))
        if fault is not None and (lease_until is None or self._clock.now() < lease_until):
            await self._record(self._next(feed, fault))

    async def _poll(self, feed: Feed, on_fetched: Callable[[], None]) -> None:
        fetched = await self._source.fetcher.get(feed.url, etag=feed.etag, last_modified=feed.last_modified)
        on_fetched()
        before = None
        if fetched.status != _NOT_MODIFIED:
            crashpoints.reach("fetched")
            before = delta.unpack(await self._documents.ask(feed.id)) if feed.baselined else None
        same = fetched.status == _NOT_MODIFIED or (before is not None and before.body == delta.digest(fetched.body))
        times = await self._times_moved(feed, fetched)
        if same:
            await self._record(self._next(feed, _unchanged(fetched, times)))
        else:
            checked = await self._read(feed, fetched, before)
            await self.take_in(feed, replace(checked, moved_times=times))

    async def _record(self, poll: Poll) -> None:
        """Write down how a poll went. A store that is away for a moment must not leave the feed to its long lease."""
        for _ in range(_RECORD_TRIES):
            try:
                await self._records.ask(poll)
                break
            except Exception:
                log.exception("a poll cannot be written down; trying again", feed_id=poll.feed_id)
            await asyncio.sleep(_PAUSE_AFTER_ERROR_S)

    async def _record_all(self, polls: Sequence[Poll]) -> Sequence[None]:
        await self._store.record_polls(polls)
        return [None] * len(polls)

    async def _documents_of(self, feed_ids: Sequence[int]) -> Sequence[bytes | None]:
        known = await self._store.feed_documents(feed_ids)
        return [known.get(feed_id) for feed_id in feed_ids]

    async def _times_moved(self, feed: Feed, fetched: Fetched) -> int:
        """As ``times_moved``; before a move is kept for good, the new address is asked by itself and must be a feed."""
        times = times_moved(feed, fetched.moved_to)
        if times < MOVES_BEFORE_FOLLOWED or fetched.moved_to is None:
            return times
        try:
            there = await self.check(fetched.moved_to)
        except BackstoryError as error:
            log.info("feed did not move after all", feed_id=feed.id, reason=str(error))
            return 0
        return times if there.fetched.moved_to is None else 0

    async def check(self, url: str) -> Checked:
        """Fetch an address that somebody asks to add.

        Raises:
            FetchError: it cannot be fetched.
            FeedParseError: what is there is no feed.
        """
        fetched = await self._source.fetcher.get(url)
        return Checked(fetched, await self._parse(fetched, fetched.body, asked=True))

    async def take_in(self, feed: Feed, checked: Checked, *, asked: bool = False) -> IngestPlan:
        """Store what a feed holds: the first time silently, but for news. Whoever ``asked`` waits for no burst."""
        if self.on_document is not None:
            await self.on_document(feed, checked.fetched)
        known = checked.document
        self._taken_in += 1
        remember = asyncio.to_thread if asked else bulk.run
        document = known if known is not None else await remember(_remember, feed, checked)
        now = self._clock.now()
        plan = await self._pipeline.ingest(
            feed,
            checked.feed.entries,
            now=now,
            poll=lambda new, footers: self._answered(feed, checked, replace(document, footers=footers), new),
            options=Options(
                silent=not feed.baselined,
                news=None if feed.baselined else news_of(feed, checked.feed.entries, now=now),
                asked=asked,
                footers=None if known is None else known.footers,
                document_entries=(len(document.pieces) or len(checked.feed.entries)) if feed.baselined else None,
            ),
        )
        crashpoints.reach("ingested")
        if plan.deliveries:
            self.on_deliveries()
        return plan

    async def _parse(self, fetched: Fetched, body: bytes, *, asked: bool = False) -> ParsedFeed:
        parsers = self._source.parsers
        return await parsers.feed(body, url=_base(fetched), content_type=fetched.content_type, asked=asked)

    async def _read(self, feed: Feed, fetched: Fetched, before: Remembered | None) -> Checked:
        """Only what is new of a document where that is sure to give the same; else the whole."""
        if before is not None:
            cut, found, document = await bulk.run(_read_new, feed, fetched, before)
            if cut is not None and found is None:
                with suppress(FeedParseError):
                    found = await self._parse(fetched, cut.document)
                    document = await bulk.run(delta.joined, cut, found, body=fetched.body, feed_id=feed.id)
            if found is not None and document is not None:
                return Checked(fetched, found, document)
        return Checked(fetched, await self._parse(fetched, fetched.body))

    def _answered(self, feed: Feed, checked: Checked, document: Remembered, new: int) -> Poll:
        fetched, parsed = checked.fetched, checked.feed
        cut = is_cut(fetched.body)
        if cut:  # then the next poll must ask for all of it
            fetched, packed = replace(fetched, etag=None, last_modified=None), None
        else:
            packed = delta.pack(document)
        dates = document.dates or [entry.published_at for entry in parsed.entries if entry.published_at is not None]
        return self._next(
            feed,
            Answered(
                title=parsed.title,
                lang=parsed.lang,
                etag=fetched.etag,
                last_modified=fetched.last_modified,
                dates=dates,
                new=new,
                hint_s=fetched.max_age_s,
                ttl_s=document.ttl_s,
                moved_to=fetched.moved_to if checked.moved_times else None,
                moved_times=checked.moved_times,
                document=packed,
                skips=read_skips(fetched.body),
                cut=cut,
            ),
        )

    def _next(self, feed: Feed, outcome: Outcome) -> Poll:
        poll = next_poll(feed, now=self._clock.now(), outcome=outcome, bounds_s=self._interval_bounds_s)
        notices, over = after_poll(feed, poll)
        return replace(poll, notices=notices, over=over)


def _leased(feed: Feed, now: datetime) -> Turn:
    return Turn(feed, now + timedelta(seconds=_LEASE_S))


def _base(fetched: Fetched) -> str:
    """What the links of a document are resolved against: one that leads to itself must not give its key away."""
    return without_keys(fetched.url) or fetched.url


def _read_new(
    feed: Feed, fetched: Fetched, before: Remembered
) -> tuple[Reduced | None, ParsedFeed | None, Remembered | None]:
    """The reduced document; what it holds, if it is plain; what to remember of the whole, if that can be trusted."""
    cut = delta.reduced(fetched.body, content_type=fetched.content_type, before=before)
    if cut is None:
        return None, None, None
    found: ParsedFeed | None = _NOTHING_NEW
    if cut.positions:
        small = len(cut.document) <= limits.PLAIN_HERE_BYTES
        address, kind = _base(fetched), fetched.content_type
        found = parse_plain_feed(cut.document, url=address, content_type=kind) if small else None
    if found is None:
        return cut, None, None
    return cut, found, delta.joined(cut, found, body=fetched.body, feed_id=feed.id)


def _remember(feed: Feed, checked: Checked) -> Remembered:
    """What to remember of a document that was read whole, but for its footers, which are found with its entries."""
    body, kind = checked.fetched.body, checked.fetched.content_type
    return delta.remembered(body, checked.feed, content_type=kind, feed_id=feed.id, footers=frozenset())


def _unchanged(fetched: Fetched, times_moved: int) -> Unchanged:
    return Unchanged(
        hint_s=fetched.max_age_s,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        moved_to=fetched.moved_to if times_moved else None,
        moved_times=times_moved,
    )
