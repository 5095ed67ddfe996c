"""The backstory of an entry among 100,000 stored ones: from its words to ranked links, against what is allowed.

Words are as common as news has them, and a tenth of them are the thread's own: most of what the index finds is unlike.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import limits
from bot.model import UNSAVED, Entry, Feed, Fingerprint, IngestPlan, NewEntry
from bot.store.sql import open_store
from bot.stories.backstory import find_backstory
from bot.stories.fingerprint import candidate_terms, query_terms
from tests.benchmarks.measure import Row, words

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


def earlier() -> list[Row]:
    """The 95th percentile of a whole query, and of its part in the store: processor time, of all threads."""
    with tempfile.TemporaryDirectory() as folder:
        whole, asked = asyncio.run(_measure(f"sqlite:///{Path(folder) / 'earlier.db'}"))
    what = f"backstory among {ENTRIES:,} entries, p95"
    return [
        Row(what, whole * 1e3, "what is allowed", ALLOWED_MS, "ms"),
        Row(f"{what}, the store's part", asked * 1e3, "the whole", whole * 1e3, "ms"),
    ]


async def _measure(url: str) -> tuple[float, float]:
    news = _news(random.Random(6))
    store = await open_store(url)
    try:
        await _stock(store, news)
        whole, asked = [], []
        for new in itertools.islice(news, QUERIES):
            async with store.ingest() as unit:
                began = time.process_time()
                statistics = await unit.statistics(candidate_terms(new.fingerprint))
                terms = query_terms(new.fingerprint, statistics, limit=limits.CANDIDATE_TERMS)
                found = await unit.candidates(terms, before=new.entry.at, limit=limits.CANDIDATES)
                asked.append(time.process_time() - began)
            find_backstory(new.entry, new.fingerprint, found, statistics, limit=limits.BACKSTORY_LINKS)
            whole.append(time.process_time() - began)
    finally:
        await store.close()
    return _p95(whole), _p95(asked)


async def _stock(store: Store, news: Iterator[NewEntry]) -> None:
    await store.add_feed(Feed(UNSAVED, "bench:", "bench", NOW, shared=True))
    for _ in range(0, ENTRIES, BATCH):
        async with store.ingest() as unit:
            await unit.apply(IngestPlan(entries=tuple(itertools.islice(news, BATCH))))


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


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(0.95 * len(taken))]
