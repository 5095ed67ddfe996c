"""Plays the sample coverage: releases it step by step, moves the clock along, has the feeds polled for real."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.model import UNSAVED, Feed, Subscription, Topic
from bot.parts import open_parts
from bot.samples.coverage import load as load_coverage
from bot.samples.playback import Pace, PlaybackClock, play
from bot.samples.server import SampleServer
from bot.topics.suggest import suggest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Address
    from bot.parts import Parts
    from bot.samples.coverage import Coverage
    from bot.settings import Settings
    from bot.workers.local import LocalWorkers


@dataclass(frozen=True, slots=True)
class Stage:
    """The open parts of a playback: its server is what the parts' fetcher may reach, its clock what they go by."""

    coverage: Coverage
    server: SampleServer
    clock: PlaybackClock
    parts: Parts


@asynccontextmanager
async def open_stage(settings: Settings, *, url: str | None = None) -> AsyncIterator[Stage]:
    """Start the feed server and open a store for samples alone: ``url``, or the samples' own file, made anew.

    Each playback begins at the beginning, so what an earlier one stored goes first.
    """
    if url is None:
        _forget(settings.samples_path)
        url = settings.samples_url
    coverage = load_coverage()
    clock = PlaybackClock(coverage.opening_ends)
    async with SampleServer(coverage) as server:
        hosts = frozenset(urlsplit(feed_url).netloc for _, feed_url in server.feed_urls)
        async with open_parts(
            replace(settings, article_pages=False), url=url, clock=clock, private_hosts=hosts
        ) as parts:
            yield Stage(coverage, server, clock, parts)


def _forget(path: Path) -> None:
    """Remove an SQLite file and what stands beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


class SamplePlayer:
    """Plays one coverage on one stage."""

    def __init__(self, stage: Stage, workers: LocalWorkers) -> None:
        self._stage = stage
        self._workers = workers

    async def set_up(self, watcher: Address) -> None:
        """Add the sample outlets as feeds and let the watcher's chat watch the sample topics."""
        store, now = self._stage.parts.store, self._stage.clock.now()
        for title, url in self._stage.server.feed_urls:
            await store.add_feed(Feed(UNSAVED, url, title, now, shared=True))
        chat = await store.chat_at(watcher, title="console", now=now)
        for name in self._stage.coverage.topics:
            query = suggest(name, self._stage.parts.lexicon).query
            topic = await store.add_topic(Topic(UNSAVED, chat.id, name, query, now))
            await store.subscribe(Subscription(chat.id, topic.id, now))

    async def play_at_once(self) -> None:
        """The opening, then every step, as fast as it goes."""
        await self._play(Pace(first_after_s=0, every_s=0))

    async def play_slowly(self) -> None:
        """The opening, then a step every few seconds, so that a person can read along."""
        await self._play(Pace())

    async def _play(self, pace: Pace) -> None:
        await self._workers.settle()
        stage = self._stage
        await play(stage.coverage.steps, clock=stage.clock, release=stage.server.release, poll=self._poll, pace=pace)

    async def _poll(self) -> None:
        """Poll every feed, due or not, and send what comes of it before the clock jumps again.

        Nothing may be under way at a jump: its lease would seem to have run out.
        """
        for feed in await self._stage.parts.store.polled_feeds():
            await self._stage.parts.poller.poll(feed)
        await self._workers.settle()
