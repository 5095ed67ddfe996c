"""The backstory of an entry among 100,000 stored ones, from its words to ranked links, on both databases.

`python -m tests.benchmarks.earlier [ENTRIES] [URL]` takes other numbers of entries (1,000,000 are stored in some
minutes) and another database. Words are as common as news has them, and a tenth of them are the thread's own: most of
what the index finds is unlike. One entry of twenty is part of a story.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import limits
from bot.model import UNSAVED, Entry, Feed, Fingerprint, IngestPlan, NewEntry, Story
from bot.store.sql import open_store
from bot.stories.backstory import find_backstory
from bot.stories.fingerprint import candidate_terms, query_terms
from tests.benchmarks.measure import Row, p95, words
from tests.store.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.port import Store

NOW = datetime(2024, 6, 18, tzinfo=UTC)
ENTRIES = 100_000
BATCH = 2000
QUERIES = 60
WORDS_PER_ENTRY = 60
THREADS = 2000
ALLOWED_MS = 20.0
STORIES_ONE_IN = 20


@dataclass(frozen=True)
class Asked:
    """Seconds that each query took: the whole, the store's part, and the whole in processor time of this process."""

    whole_s: list[float]
    store_s: list[float]
    cpu_s: list[float]
    stocked_s: float


def earlier() -> list[Row]:
    """The 95th percentile of a whole query, and of its part in the store."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        server.forget_durability()
        for name, url in (
            ("SQLite", f"sqlite:///{Path(folder) / 'earlier.db'}"),
            ("PostgreSQL", server.new_database()),
        ):
            asked = asyncio.run(ask(url, ENTRIES))
            what = f"backstory among {ENTRIES:,} entries, {name}, p95"
            whole_ms, store_ms = p95(asked.whole_s) * 1e3, p95(asked.store_s) * 1e3
            rows += [
                Row(what, whole_ms, "what is allowed", ALLOWED_MS, "ms"),
                Row(f"{what}, the store's part", store_ms, "the whole", whole_ms, "ms"),
            ]
    return rows


async def ask(url: str, entries: int) -> Asked:
    """Store so many entries in a new database and ask for what earlier ones the next few continue."""
    news = _news(random.Random(6))
    store = await open_store(url)
    asked = Asked([], [], [], await _stock(store, news, entries))
    try:
        for new in itertools.islice(news, QUERIES):
            async with store.ingest() as unit:
                began_s, cpu_s = time.perf_counter(), time.process_time()
                known = await unit.statistics(candidate_terms(new.fingerprint))
                terms = query_terms(new.fingerprint, known, limit=limits.CANDIDATE_TERMS)
                found = await unit.candidates(terms, before=new.entry.at, limit=limits.CANDIDATES)
                since = new.entry.at - timedelta(days=limits.STORY_WINDOW_DAYS)
                recent = await unit.recent(since=since, before=new.entry.at, limit=limits.RECENT_CANDIDATES)
                asked.store_s.append(time.perf_counter() - began_s)
            offered = tuple({past.entry.id: past for past in (*found, *recent)}.values())
            find_backstory(new.entry, new.fingerprint, offered, known, limit=limits.BACKSTORY_LINKS)
            asked.whole_s.append(time.perf_counter() - began_s)
            asked.cpu_s.append(time.process_time() - cpu_s)
    finally:
        await store.close()
    return asked


async def _stock(store: Store, news: Iterator[NewEntry], entries: int) -> float:
    """Store them; returns the seconds that it took."""
    began_s = time.perf_counter()
    await store.add_feed(Feed(UNSAVED, "bench:", "bench", NOW, shared=True))
    for _ in range(0, entries, BATCH):
        batch = tuple(itertools.islice(news, BATCH))
        stories = tuple(_story_of(new.entry) for new in batch if new.entry.id % STORIES_ONE_IN == 0)
        members = tuple((story.id, story.first_entry_id) for story in stories)
        async with store.ingest() as unit:
            await unit.apply(IngestPlan(entries=batch, stories=stories, members=members))
    return time.perf_counter() - began_s


def _story_of(entry: Entry) -> Story:
    number = entry.id // STORIES_ONE_IN
    at, outlets = entry.at, (entry.source,)
    return Story(number, entry.id, entry.title, entry.url, entry.source, entry.lang or "", at, at, 1, outlets, "")


def _news(rng: random.Random) -> Iterator[NewEntry]:
    """Entries without end, a minute apart, each of some thread."""
    vocabulary = words(rng, 20_000)
    weights = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(vocabulary))))
    threads = [rng.sample(vocabulary, 8) for _ in range(THREADS)]
    for number in itertools.count(1):
        said = rng.choices(vocabulary, cum_weights=weights, k=WORDS_PER_ENTRY)
        said[: WORDS_PER_ENTRY // 10] = rng.sample(rng.choice(threads), WORDS_PER_ENTRY // 10)
        title = said[:8]
        rest = said[8:]
        rng.shuffle(rest)
        sentences = tuple(" ".join(rest[at : at + 13]).capitalize() + "." for at in range(0, len(rest), 13))
        at = NOW + timedelta(minutes=number)
        address = f"https://news.example/{number}"
        entry = Entry(number, 1, address, address, " ".join(title), " ".join(sentences), "en", "X", at, at)
        marks = tuple(sorted(rng.getrandbits(32) for _ in range(len(rest))))
        print_ = Fingerprint(
            dict(Counter(said)), frozenset(title), {}, frozenset(title[:3]), frozenset(), frozenset(), marks, sentences
        )
        yield NewEntry(entry, (), print_, tuple(said))


def main() -> None:
    """Say what it took: `python -m tests.benchmarks.earlier [ENTRIES] [URL]`."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'earlier.db'}"
        asked = asyncio.run(ask(url, entries))
    sys.stdout.write(f"{entries:,} entries stored in {asked.stocked_s:.0f} s\n")
    for what, taken in (
        ("a backstory", asked.whole_s),
        ("of it, the store", asked.store_s),
        ("processor time of this process", asked.cpu_s),
    ):
        sys.stdout.write(f"{what}: p50 {statistics.median(taken) * 1e3:.1f} ms, p95 {p95(taken) * 1e3:.1f} ms\n")


if __name__ == "__main__":
    main()
