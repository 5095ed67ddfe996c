"""Our side of the polling benchmark, in a process of its own: `python -m tests.benchmarks.poll_ours PORT FEEDS FOLDER`.

The whole way from what is due to what is stored: fetch, parse, clean, match one topic, group, store on SQLite. Prints
one line of JSON: CPU and wall seconds of each stage, children included, and how many entries are stored in the end.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import limits, loops
from bot.feeds.fetch import Fetcher
from bot.feeds.parsers import Parsers
from bot.model import UNSAVED, Address, Feed, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.crew import Crew
from bot.workers.pipeline import Pipeline
from bot.workers.poll import Poller, Source

HOST = "127.0.0.1"


class Clock:
    """Stands still, and is set forward between the stages."""

    def __init__(self) -> None:
        self.at = datetime(2024, 6, 18, 6, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def spent_s() -> float:
    """CPU seconds of this process and of its parsers, which live on between the stages as they do between polls."""
    ticks = 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text().split():
            with suppress(OSError):
                fields = Path("/proc", child, "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
    ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in ended) + ticks / os.sysconf("SC_CLK_TCK")


async def poll_all(poller: Poller) -> None:
    """Everything that is due, as the bot's own loop does it."""
    ended = asyncio.Event()
    crew = Crew(limits.POLLS_CLAIMED, on_end=ended.set)
    poller.on_room = ended.set
    while True:
        ended.clear()
        claimed = await poller.claim(crew.free) if crew.free else ()
        for piece in claimed:
            crew.start(piece)
        if crew.idle:
            return
        await ended.wait()


async def run(port: int, feeds: int, folder: str) -> dict[str, object]:
    """All stages, one after the other."""
    clock = Clock()
    store = await open_store(f"sqlite+aiosqlite:///{folder}/ours.db")
    chat = await store.chat_at(Address(Platform.CONSOLE, "1"), title="x", now=clock.now())
    topic = await store.add_topic(Topic(UNSAVED, chat.id, "DPRK-Russia arms", "@dprk & @russia & @arms", clock.now()))
    await store.subscribe(Subscription(chat.id, topic.id, clock.now()))
    for number in range(feeds):
        url = f"http://{HOST}:{port}/feed/{number}"
        await store.add_feed(Feed(UNSAVED, url, "Outlet", clock.now(), shared=True))
    taken: dict[str, object] = {}

    async def stage(name: str, poller: Poller) -> None:
        cpu_s, wall_s = spent_s(), time.perf_counter()
        await poll_all(poller)
        wall_s = time.perf_counter() - wall_s
        taken[name] = [spent_s() - cpu_s, wall_s]
        clock.at += timedelta(hours=2)

    async with Fetcher(user_agent="bench", allowed_private_hosts=frozenset({HOST})) as fetcher:
        parsers = Parsers()
        pipeline = Pipeline(store, lexicon.load())
        await pipeline.watch()
        poller = Poller(store, Source(fetcher, parsers), pipeline, clock, interval_bounds_s=(300, 3600))
        await stage("first", poller)
        await stage("unchanged", poller)
        await fetcher.get(f"http://{HOST}:{port}/stage/2")
        await stage("changed", poller)
        await parsers.close()
        counts = await store.status()
    taken["entries"] = counts.entries
    taken["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    await store.close()
    return taken


if __name__ == "__main__":
    gc.disable()  # as the bot does: what is there before the first poll is not looked through for garbage
    sys.stdout.write(json.dumps(loops.run(run(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))) + "\n")
