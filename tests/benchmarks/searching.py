"""/search over 100,000 stored entries: words as common as news has them, in both orders, against SQL's LIKE."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bot import limits
from bot.model import UNSAVED, Address, Entry, Feed, Fingerprint, IngestPlan, NewEntry, Platform, TermQuery
from bot.store.sql import open_store
from tests.benchmarks.measure import Row, words

if TYPE_CHECKING:
    from bot.store.port import Store

NOW = datetime(2024, 6, 18, tzinfo=UTC)
ENTRIES = 100_000
BATCH = 2000
QUERIES = 60
WORDS_PER_ENTRY = 60
_EMPTY = Fingerprint({}, frozenset(), {}, frozenset(), frozenset(), frozenset(), (), ())


def searching() -> list[Row]:
    """The 95th percentile of a page, newest and best first, beside counting by LIKE."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.db"
        newest, best, asked = asyncio.run(_measure(f"sqlite:///{path}"))
        like = _like_s(path, asked)
    return [
        Row(f"search {ENTRIES:,} entries, newest, p95", newest * 1e3, "counting by LIKE", like * 1e3, "ms"),
        Row(f"search {ENTRIES:,} entries, best, p95", best * 1e3, "the same", like * 1e3, "ms"),
    ]


async def _measure(url: str) -> tuple[float, float, str]:
    rng = random.Random(5)
    vocabulary = words(rng, 20_000)
    weights = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(vocabulary))))
    store = await open_store(url)
    try:
        await _stock(store, rng, vocabulary, weights)
        chat = await store.chat_at(Address(Platform.CONSOLE, "bench"), title="", now=NOW)
        asked = [rng.choices(vocabulary, cum_weights=weights, k=rng.randint(1, 3)) for _ in range(QUERIES)]
        taken: dict[bool, list[float]] = {False: [], True: []}
        for best, said in itertools.product((False, True), asked):
            query = TermQuery(tuple((word,) for word in said))
            began = time.perf_counter()
            await store.search(
                chat.id, query, best=best, below=0, limit=limits.SEARCH_BEST if best else limits.SEARCH_PAGE
            )
            taken[best].append(time.perf_counter() - began)
    finally:
        await store.close()
    return _p95(taken[False]), _p95(taken[True]), asked[0][0]


async def _stock(store: Store, rng: random.Random, vocabulary: list[str], weights: list[float]) -> None:
    feed = await store.add_feed(Feed(UNSAVED, "bench:", "bench", NOW, shared=True))
    for first in range(1, ENTRIES + 1, BATCH):
        entries = []
        for number in range(first, first + BATCH):
            terms = rng.choices(vocabulary, cum_weights=weights, k=WORDS_PER_ENTRY)
            at = NOW - timedelta(minutes=rng.randrange(10**6))
            address = f"https://news.example/{number}"
            entry = Entry(
                number, feed.id, str(number), address, " ".join(terms[:8]), " ".join(terms), "en", "X", at, at
            )
            entries.append(NewEntry(entry, (), _EMPTY, tuple(terms)))
        async with store.ingest() as unit:
            await unit.apply(IngestPlan(entries=tuple(entries)))


def _like_s(path: Path, word: str) -> float:
    engine = create_engine(f"sqlite:///{path}")
    statement = text("SELECT count(*) FROM entries WHERE title || text LIKE :word")
    with engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(statement, {"word": f"%{word}%"}).all()
        taken = time.perf_counter() - began
    engine.dispose()
    return taken


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]
