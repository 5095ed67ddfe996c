"""10,000 feeds on one machine: how late they are polled, and what that takes: `python -m tests.benchmarks.scheduling`.

Real polls of real documents over HTTP, with the real store, poller, pipeline and limits. The clock stands still for
nothing: time passes as it does, and is skipped only while nothing is due and nothing is under way. So whatever the
work takes makes later feeds late, just as in two real hours. Before it counts every feed is polled once, over an hour:
that stores twenty entries a feed, and takes much of the run. The feeds are served by a process of its own, on many
addresses of this machine, because hosts are asked two at a time at most.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import select

from bot import limits
from bot.encoders import open_encoder
from bot.feeds.fetch import Fetcher
from bot.feeds.parsers import Parsers
from bot.model import UNSAVED, Address, Feed, Platform, Subscription, Topic
from bot.store import schema
from bot.store.sql import SqlStore, open_store
from bot.topics import lexicon
from bot.workers.crew import Crew
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller, Source

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HOSTS = 250
CHANGED_EACH = 4  # polls; in between a feed answers 304
ENTRIES = 20
TOPICS = 50
ALLOWED_LATE_S = 5.0
ALLOWED_MEMORY_MB = 350
_TEXT = "The council of the town met on it again. " * 10
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %s\r\nContent-Length: %d\r\n\r\n"


@dataclass
class SkippingClock:
    """Real time, plus what was skipped."""

    skipped: timedelta = timedelta(0)
    began_s: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return NOW + self.skipped + timedelta(seconds=time.monotonic() - self.began_s)

    def skip_to(self, moment: datetime) -> None:
        """Pass over idle time, to the first tick at or after ``moment``."""
        late_s = (moment - self.now()).total_seconds()
        self.skipped += timedelta(seconds=max(limits.TICK_S, late_s + limits.TICK_S / 2))


class _Feeds(asyncio.Protocol):
    """A server of feeds, as little of one as will do: a new entry at one request in four, else 304."""

    asked: ClassVar[dict[bytes, int]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._unread = b""

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while b"\r\n\r\n" in self._unread:
            head, self._unread = self._unread.split(b"\r\n\r\n", 1)
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1]
        times = self.asked.get(path, 0)
        self.asked[path] = times + 1
        version = times // CHANGED_EACH
        etag = b'"%d"' % version
        if b"If-None-Match: " + etag in head:
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        body = _document(int(path[1:]), version)
        return _HEAD % (etag, len(body)) + body


def _document(feed: int, version: int) -> bytes:
    """A feed of twenty entries of some 400 characters, of which the newest is the version's own."""
    items = "".join(
        f"<item><title>Feed {feed} tells of matter {number} today</title><link>https://f{feed}.example/{number}</link>"
        f"<guid>{feed}-{number}</guid><description>{_TEXT}</description></item>"
        for number in range(version + ENTRIES, version, -1)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'.encode()
    )


def _serve(ready: Connection) -> None:
    async def run() -> None:
        hosts = [f"127.0.0.{number}" for number in range(1, HOSTS + 1)]
        # One port on all addresses: whichever the first address gets.
        first = await asyncio.get_running_loop().create_server(_Feeds, hosts[0], 0)
        port = first.sockets[0].getsockname()[1]
        await asyncio.get_running_loop().create_server(_Feeds, hosts[1:], port)
        ready.send(port)
        await asyncio.Event().wait()

    asyncio.run(run())


class WatchedPoller(Poller):
    """Notes how late each poll begins, in ``lags_s``."""

    clock: SkippingClock
    lags_s: list[float]

    async def poll(self, feed: Feed, **how: Any) -> None:  # noqa: ANN401 - as the poller has it
        self.lags_s.append((self.clock.now() - feed.next_poll_at).total_seconds())
        await super().poll(feed, **how)


@dataclass(frozen=True)
class Found:
    """What came of a run."""

    feeds: int
    hours: float
    polls: int
    p50_s: float
    p95_s: float
    most_s: float
    wall_s: float
    cpu_s: float
    memory_mb: float
    first_wall_s: float
    first_cpu_s: float

    @property
    def kept(self) -> bool:
        """Whether it is as quick and as small as it must be."""
        return self.p95_s < ALLOWED_LATE_S and self.memory_mb < ALLOWED_MEMORY_MB


async def _run(port: int, feeds: int, hours: float, folder: Path) -> Found:
    clock = SkippingClock()
    store = await open_store(f"sqlite+aiosqlite:///{folder}/bench.db")
    assert isinstance(store, SqlStore)
    await _stock(store, port, feeds)
    hosts = frozenset(f"127.0.0.{number}" for number in range(1, HOSTS + 1))
    parsers = Parsers()
    async with Fetcher(user_agent="bench", allowed_private_hosts=hosts) as fetcher:
        pipeline = Pipeline(store, lexicon.load(), open_encoder(wanted=False))
        bounds_s = (limits.POLL_INTERVAL_MIN_S, limits.POLL_INTERVAL_MAX_S)
        poller = WatchedPoller(store, Source(fetcher, parsers), pipeline, clock, interval_bounds_s=bounds_s)
        poller.clock, poller.lags_s = clock, []
        cpu_s, wall_s = time.process_time(), time.monotonic()
        await _poll_until(poller, store, clock, NOW + timedelta(minutes=61))  # every first poll, silent, and beyond
        first_s = time.monotonic() - wall_s, time.process_time() - cpu_s
        poller.lags_s.clear()
        cpu_s, wall_s = time.process_time(), time.monotonic()
        await _poll_until(poller, store, clock, clock.now() + timedelta(hours=hours))
        cpu_s, wall_s = time.process_time() - cpu_s, time.monotonic() - wall_s
    await parsers.close()
    await store.close()
    lags = sorted(poller.lags_s)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p95_s = lags[int(len(lags) * 0.95)]
    late = statistics.median(lags), p95_s, lags[-1]
    return Found(feeds, hours, len(lags), *late, wall_s, cpu_s, memory_mb, *first_s)


async def _stock(store: SqlStore, port: int, feeds: int) -> None:
    """A chat with topics, and the feeds, which come due over the first hour."""
    chat = await store.chat_at(Address(Platform.TELEGRAM, "1"), title="x", now=NOW)
    for number in range(TOPICS):
        topic = await store.add_topic(Topic(UNSAVED, chat.id, f"Topic {number}", f"word{number} & other", NOW))
        await store.subscribe(Subscription(chat.id, topic.id, NOW))
    for number in range(feeds):
        url = f"http://127.0.0.{number % HOSTS + 1}:{port}/{number}"
        due = NOW + timedelta(seconds=3600 * number / feeds)
        await store.add_feed(Feed(UNSAVED, url, f"Feed {number}", due, shared=True))


async def _poll_until(poller: WatchedPoller, store: SqlStore, clock: SkippingClock, end: datetime) -> None:
    """Poll as the polling loop does: whenever there is room, whatever is due."""
    ended = asyncio.Event()
    crew = Crew(limits.POLLS_AT_ONCE, on_end=ended.set)
    poller.on_room = ended.set
    column = schema.feeds.c.next_poll_at
    while clock.now() < end:
        claimed = await poller.claim(crew.free) if crew.free > 0 else ()
        for piece in claimed:
            crew.start(piece)
        if claimed:
            continue
        if crew.idle:
            async with store.database.read() as conn:
                due = await conn.scalar(select(column).order_by(column).limit(1))
            clock.skip_to(min(due or end, end))
        else:
            await ended.wait()
            ended.clear()
    await crew.drain(limits.DRAIN_S)


def scheduled(feeds: int, hours: float) -> Found:
    """Poll so many feeds for so many hours of skipped time."""
    context = get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        port: int = here.recv()
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_run(port, feeds, hours, Path(folder)))
    finally:
        server.terminate()
        server.join()


def main() -> None:
    """Run it and say what came of it: `python -m tests.benchmarks.scheduling [FEEDS] [HOURS]`."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    hours = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    found = scheduled(feeds, hours)
    sys.stdout.write(
        f"{found.feeds:,} feeds, first polls: {found.first_cpu_s:.0f} s of CPU in {found.first_wall_s:.0f} s\n"
        f"{found.hours:g} h of traffic: {found.polls:,} polls; {found.cpu_s:.0f} s of CPU "
        f"({found.cpu_s / found.polls * 1e3:.1f} ms a poll) in {found.wall_s:.0f} s on {os.cpu_count()} cores\n"
        f"late by {found.p50_s:.2f} s (median), {found.p95_s:.2f} s (p95; allowed {ALLOWED_LATE_S:g} s), "
        f"{found.most_s:.2f} s (most); {found.memory_mb:.0f} MB (allowed {ALLOWED_MEMORY_MB} MB)\n"
    )
    sys.exit(0 if found.kept else 1)


if __name__ == "__main__":
    main()
