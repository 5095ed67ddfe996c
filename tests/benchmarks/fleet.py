"""How much more two and four processes take in than one, on one PostgreSQL: `python -m tests.benchmarks.fleet`.

Every process takes entries of its own share of the feeds through the whole pipeline, one poll with one new entry at a
time, as the fleet's polls do; fetching is left out, because a server on the same cores would be measured with it. A
process has taken in some entries before it counts: a worker runs for weeks, and what it compiles once would be measured
as often as there are processes.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.model import UNSAVED, Address, Feed, ParsedEntry, Platform, Poll, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.pipeline import Options, Pipeline
from tests.benchmarks.measure import Row, words
from tests.store.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2024, 6, 18, tzinfo=UTC)
FEEDS = 40
ENTRIES = 800
WARM_UP = 40  # entries a process
FOLLOWED = 10  # of a hundred
ROUNDS = 3


def entries(share: int, shares: int, numbers: range) -> list[tuple[int, ParsedEntry]]:
    """A process's share of a part of the stream, each with its feed's number; entries of about 2,000 characters."""
    rng = random.Random(numbers.start)
    vocabulary = words(rng, 5000)
    made = []
    for n in numbers:
        body = ". ".join(" ".join(rng.choices(vocabulary, k=15)) for _ in range(20))
        body += ". Quwarmia is named here." if rng.randrange(100) < FOLLOWED else "."
        url = f"https://news.example/{n}"
        title = " ".join(rng.choices(vocabulary, k=8))
        made.append((n % FEEDS, ParsedEntry(str(n), url, title, body, NOW + timedelta(seconds=n))))
    return [(feed, entry) for feed, entry in made if feed % shares == share]


def _as_it_is(poll: Poll, _new: int, _footers: frozenset[str]) -> Poll:
    return poll


async def set_up(url: str) -> None:
    """A chat with a topic, and feeds past their first poll."""
    store = await open_store(url)
    chat = await store.chat_at(Address(Platform.TELEGRAM, "1"), title="x", now=NOW)
    topic = await store.add_topic(Topic(UNSAVED, chat.id, "Quwarmia", "quwarmia", NOW))
    await store.subscribe(Subscription(chat.id, topic.id, NOW))
    for n in range(FEEDS):
        await store.add_feed(
            Feed(UNSAVED, f"https://news.example/{n}", f"Outlet {n}", NOW, shared=True, baselined=True)
        )
    await store.close()


async def take_in(url: str, share: int, shares: int) -> None:
    """One process: warm up, say so, wait for the word, take in."""
    store = await open_store(url)
    pipeline = Pipeline(store, lexicon.load())
    await pipeline.watch()
    feeds = sorted(await store.polled_feeds(), key=lambda feed: feed.id)
    work = entries(share, shares, range(ENTRIES))

    async def one_at_a_time(waiting: Iterator[tuple[int, ParsedEntry]]) -> None:
        for number, entry in waiting:
            feed = feeds[number]
            poll = Poll(feed.id, NOW, NOW + timedelta(seconds=300), 300)
            await pipeline.ingest(feed, [entry], now=NOW, poll=partial(_as_it_is, poll), options=Options())

    await one_at_a_time(iter(entries(share, shares, range(ENTRIES, ENTRIES + WARM_UP * shares))))
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    waiting = iter(work)
    await asyncio.gather(*(one_at_a_time(waiting) for _ in range(4)))
    _say("done")
    await store.close()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def wall_s(url: str, processes: int) -> float:
    """Seconds until so many processes have taken in the whole stream together."""
    command = [sys.executable, "-m", "tests.benchmarks.fleet", url]
    running = [
        subprocess.Popen(  # noqa: S603 - our own code
            [*command, str(share), str(processes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for share in range(processes)
    ]
    for one in running:
        if one.stdout is None or one.stdout.readline() != "ready\n":
            raise AssertionError("a process did not start")
    began = time.perf_counter()
    for one in running:
        if one.stdin is None:
            raise AssertionError("it cannot be told to begin")
        one.stdin.write("go\n")
        one.stdin.flush()
    ended = [one.stdout and one.stdout.readline() for one in running]
    taken = time.perf_counter() - began
    for one in running:
        one.communicate()
    if ended != ["done\n"] * processes:
        raise AssertionError("a process failed")
    return taken


def fleet() -> list[Row]:
    """Milliseconds an entry, with one process as the peer of two and of four; the median of interleaved rounds."""
    taken: dict[int, list[float]] = {1: [], 2: [], 4: []}
    with running_postgres() as server:
        for _ in range(ROUNDS):
            for processes, times in taken.items():
                url = server.new_database()
                asyncio.run(set_up(url))
                times.append(wall_s(url, processes))
    each = {processes: statistics.median(times) / ENTRIES * 1e3 for processes, times in taken.items()}
    return [
        Row(f"take in an entry, {processes} processes", each[processes], "1 process", each[1], "ms")
        for processes in (2, 4)
    ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(take_in(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
    else:
        for row in fleet():
            _say(f"{row.what}: {row.ours:.2f} ms; {row.peer}: {row.peers:.2f} ms; {row.peers / row.ours:.2f} times")
