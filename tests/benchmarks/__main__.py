"""`make bench`: speed as ratios against a named peer in the same run, medians of five.

Absolute figures depend on the machine; the ratios are what to trust, and all that is kept of a run: see ``report``.
Later benchmarks are added as further functions that return rows. QUICK=1 is for a small machine.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.model import UNSAVED, Feed, FeedState, ParsedEntry
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.pipeline import Options, Pipeline
from tests.benchmarks import report
from tests.benchmarks.chat_commands import chat_commands
from tests.benchmarks.chat_fanout import chat_fanout
from tests.benchmarks.earlier import earlier
from tests.benchmarks.fleet import fleet
from tests.benchmarks.matching import matching
from tests.benchmarks.measure import Row, median_s, words
from tests.benchmarks.polling import polling
from tests.benchmarks.programs import programs
from tests.benchmarks.searching import searching
from tests.benchmarks.taking import taking
from tests.benchmarks.telling import telling

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2024, 6, 18, tzinfo=UTC)
ENTRIES = 40


def texts(rng: random.Random, vocabulary: list[str]) -> list[str]:
    """Entries of about 2,000 characters."""
    return [" ".join(rng.choices(vocabulary, k=300)) for _ in range(ENTRIES)]


def start_up() -> list[Row]:
    """A new process up to the console's prompt, and a bare Python."""

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code

    ours = median_s(run("import bot.app, bot.chats.console, bot.cli; from bot.topics import lexicon; lexicon.load()"))
    return [Row("start to the prompt", ours, "bare Python", median_s(run("pass")), "s")]


def ingest() -> list[Row]:
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
    return [Row("ingest a matched entry", ours / ENTRIES * 1e3, "an unmatched one", peers / ENTRIES * 1e3, "ms")]


def main() -> None:
    """Run every benchmark, or those that are named, and print the table."""
    parts = (
        start_up,
        matching,
        searching,
        earlier,
        polling,
        programs,
        ingest,
        taking,
        telling,
        fleet,
        chat_commands,
        chat_fanout,
    )
    asked = set(sys.argv[1:])
    if unknown := asked - {part.__name__ for part in parts}:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(part.__name__ for part in parts)}")
    table = Table("work", "ours", "peer", "peer's", "ours : peer's")
    rows = [row for part in parts if not asked or part.__name__ in asked for row in part()]
    for row in rows:
        shown = report.shown(row.ours / row.peers)
        table.add_row(row.what, f"{row.ours:.2f} {row.unit}", row.peer, f"{row.peers:,.2f} {row.unit}", shown)
    Console().print(table)
    report.write(rows)


if __name__ == "__main__":
    main()
