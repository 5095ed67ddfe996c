"""`make bench`: speed as ratios against a named peer in the same run, medians of five.

Absolute figures depend on the machine; the ratios are what to trust. Later benchmarks are added as further functions
that return rows.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.model import UNSAVED, Entry, Feed, FeedState, ParsedEntry, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.topics.match import Matcher
from bot.workers.pipeline import Options, Pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
NOW = datetime(2024, 6, 18, tzinfo=UTC)
TOPICS = 1000
ENTRIES = 40
WORDS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside its peer's; ``ours`` and ``peers`` in ``unit``, smaller is better."""

    what: str
    ours: float
    peer: str
    peers: float
    unit: str


def median_s(work: Callable[[], object]) -> float:
    """The median wall time of five runs, after one that does not count."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def words(rng: random.Random, count: int) -> list[str]:
    """Invented words, pronounceable enough to look like text to a tokenizer."""
    return [
        "".join(rng.choice("bcdfglmnprst") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
        for _ in range(count)
    ]


def texts(rng: random.Random, vocabulary: list[str]) -> list[str]:
    """Entries of about 2,000 characters."""
    return [" ".join(rng.choices(vocabulary, k=300)) for _ in range(ENTRIES)]


def matching() -> Row:
    """All topics against an entry: our automaton, and one compiled `re` alternation a topic."""
    rng = random.Random(1)
    vocabulary = words(rng, 20_000)
    bodies = texts(rng, vocabulary)
    watched = [rng.sample(vocabulary, WORDS) for _ in range(TOPICS)]
    topics = [Topic(n + 1, 1, str(n), " | ".join(row), NOW) for n, row in enumerate(watched)]
    matcher = Matcher(lexicon.load(), topics)
    entries = [Entry(n + 1, 1, str(n), "", "", body, "en", "", NOW) for n, body in enumerate(bodies)]
    patterns = [re.compile(r"\b(?:" + "|".join(row) + r")\b") for row in watched]

    ours = median_s(lambda: [matcher.match(entry, matcher.scan(entry)) for entry in entries])
    peers = median_s(lambda: [[pattern.search(body) for pattern in patterns] for body in bodies])
    return Row(
        f"match an entry against {TOPICS:,} topics",
        ours / ENTRIES * 1e3,
        "a regex a topic",
        peers / ENTRIES * 1e3,
        "ms",
    )


def start_up() -> Row:
    """A new process up to the console's prompt, and a bare Python."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code

    ours = median_s(run("import bot.app, bot.chats.console, bot.cli; from bot.topics import lexicon; lexicon.load()"))
    return Row("start to the prompt", ours, "bare Python", median_s(run("pass")), "s")


def ingest() -> Row:
    """Entries through the whole pipeline with one topic that wants them all, and the same entries wanted by none."""
    rng = random.Random(2)
    vocabulary = words(rng, 5_000)
    parsed = [
        ParsedEntry(str(n), f"https://news.example/{n}", body[:60], body, NOW)
        for n, body in enumerate(texts(rng, vocabulary))
    ]

    async def take(*, everything: bool) -> None:
        store = await open_store("sqlite+aiosqlite://")
        feed = await store.add_feed(Feed(UNSAVED, "bench:", "bench", NOW, state=FeedState.ARCHIVE, shared=True))
        pipeline = Pipeline(store, lexicon.load())
        for entry in parsed:
            await pipeline.ingest(feed, [entry], now=NOW, options=Options(everything=everything))
        await store.close()

    ours = median_s(lambda: asyncio.run(take(everything=True)))
    peers = median_s(lambda: asyncio.run(take(everything=False)))
    return Row("ingest a matched entry", ours / ENTRIES * 1e3, "an unmatched one", peers / ENTRIES * 1e3, "ms")


def main() -> None:
    """Run every benchmark and print the table."""
    table = Table("work", "ours", "peer", "peer's", "ours : peer's")
    for measure in (start_up, matching, ingest):
        row = measure()
        ratio = row.ours / row.peers
        shown = f"{ratio:.1f} : 1" if ratio >= 1 else f"1 : {1 / ratio:.1f}"
        table.add_row(row.what, f"{row.ours:.2f} {row.unit}", row.peer, f"{row.peers:.2f} {row.unit}", shown)
    Console().print(table)


if __name__ == "__main__":
    main()
