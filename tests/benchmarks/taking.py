"""Taking in: an entry that nobody wants, and an archive."""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import settings
from bot.importing import import_paths
from bot.ingest import prepare, read_entry
from bot.model import Feed, ParsedEntry, Topic
from bot.topics import lexicon
from bot.topics.match import Matcher
from tests.benchmarks.measure import Row, body, median_s, words

NOW = datetime(2024, 6, 18, tzinfo=UTC)
FEED = Feed(1, "https://news.example/feed", "An Outlet", NOW, shared=True)
ENTRIES = 400
ARCHIVED = 10_000
ALLOWED_IMPORT_MS = 2.0  # 500 entries a second
ALLOWED_UNWANTED_MS = 0.6


def taking() -> list[Row]:
    """Milliseconds an entry, beside what is allowed."""
    rng = random.Random(7)
    vocabulary = words(rng, 20_000)
    return [
        Row("read an entry that nobody wants", _unwanted_ms(rng, vocabulary), "allowed", ALLOWED_UNWANTED_MS, "ms"),
        Row(f"import an entry, of {ARCHIVED:,}", _import_ms(rng, vocabulary), "allowed", ALLOWED_IMPORT_MS, "ms"),
    ]


def _unwanted_ms(rng: random.Random, vocabulary: list[str]) -> float:
    """From parsed to prepared; summaries of about 400 characters, as most feeds have them."""
    matcher = Matcher(lexicon.load(), [Topic(1, 1, "t", "@dprk & @russia & @arms", NOW)])
    parsed = [
        ParsedEntry(str(n), f"https://news.example/{n}", " ".join(rng.choices(vocabulary, k=8)), f"<p>{text}</p>", NOW)
        for n in range(ENTRIES)
        for text in (body(rng, vocabulary, 4),)
    ]
    return median_s(lambda: [prepare(read_entry(one, FEED, now=NOW)[0], matcher) for one in parsed]) / ENTRIES * 1e3


def _import_ms(rng: random.Random, vocabulary: list[str]) -> float:
    """A whole import of JSON lines of about 1,500 characters each, starting from an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for n in range(ARCHIVED):
                at = (NOW + timedelta(minutes=n)).isoformat()
                entry = {"id": str(n), "datetime": at, "title": f"Entry {n}", "text": body(rng, vocabulary, 15)}
                file.write(json.dumps(entry) + "\n")
        configured = settings.load({"BACKSTORY_DATA_DIR": str(Path(folder) / "data")}, folder=Path(folder))
        began = time.perf_counter()
        report = asyncio.run(import_paths(configured, [path]))
        taken = time.perf_counter() - began
    if report.entries_new != ARCHIVED:
        raise AssertionError(report)
    return taken / ARCHIVED * 1e3
