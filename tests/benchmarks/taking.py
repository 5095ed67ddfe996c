"""Taking in: an entry that nobody wants, an archive, and how soon a publication is handed to the chat's API."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import settings
from bot.clock import SystemClock
from bot.importing import import_paths
from bot.ingest import prepare, read_entry
from bot.model import UNSAVED, Address, Feed, ParsedEntry, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.topics.match import Matcher
from bot.workers.deliver import Deliverer
from bot.workers.pipeline import Options, Pipeline
from tests.benchmarks.measure import Row, median_s, words
from tests.workers.scripted_chat import ScriptedChat

NOW = datetime(2024, 6, 18, tzinfo=UTC)
FEED = Feed(1, "https://news.example/feed", "An Outlet", NOW, shared=True)
ENTRIES = 400
ARCHIVED = 2_000
ALLOWED_IMPORT_MS = 2.0  # 500 entries a second
ALLOWED_UNWANTED_MS = 0.6
PUBLISHED_PER_S = 20
PUBLISHED_FOR_S = 10
ALLOWED_LAG_MS = 1000.0
_FUNCTION_WORDS = ("the", "of", "and", "to", "in", "is", "for", "with", "that", "was", "said", "from", "by")
FOLLOWED = 4  # every fourth publication is one that the topic wants


def taking() -> list[Row]:
    """Milliseconds an entry, beside what is allowed."""
    rng = random.Random(7)
    vocabulary = words(rng, 20_000)
    lag_ms, answer_ms = asyncio.run(_lags(vocabulary))
    rate = f"{PUBLISHED_PER_S} entries/s"
    return [
        Row("read an entry that nobody wants", _unwanted_ms(rng, vocabulary), "allowed", ALLOWED_UNWANTED_MS, "ms"),
        Row(f"import an entry, of {ARCHIVED:,}", _import_ms(rng, vocabulary), "allowed", ALLOWED_IMPORT_MS, "ms"),
        Row(f"seen to handed to the chat's API, {rate}, p95", lag_ms, "allowed", ALLOWED_LAG_MS, "ms"),
        Row(f"a page of /latest meanwhile, {rate}, p95", answer_ms, "the same lag", lag_ms, "ms"),
    ]


def _body(rng: random.Random, vocabulary: list[str], sentences: int) -> str:
    """Sentences of 15 words, a third of them English function words: what nobody could tell the language of is rare."""
    said = [rng.choices(vocabulary, k=10) + rng.choices(_FUNCTION_WORDS, k=5) for _ in range(sentences)]
    for words_said in said:
        rng.shuffle(words_said)
    return ". ".join(" ".join(each).capitalize() for each in said) + "."


def _unwanted_ms(rng: random.Random, vocabulary: list[str]) -> float:
    """From parsed to prepared; summaries of about 400 characters, as most feeds have them."""
    matcher = Matcher(lexicon.load(), [Topic(1, 1, "t", "@dprk & @russia & @arms", NOW)])
    parsed = [
        ParsedEntry(str(n), f"https://news.example/{n}", " ".join(rng.choices(vocabulary, k=8)), f"<p>{body}</p>", NOW)
        for n in range(ENTRIES)
        for body in (_body(rng, vocabulary, 4),)
    ]
    return median_s(lambda: [prepare(read_entry(one, FEED, now=NOW)[0], matcher) for one in parsed]) / ENTRIES * 1e3


def _import_ms(rng: random.Random, vocabulary: list[str]) -> float:
    """A whole import of JSON lines of about 1,500 characters each, starting from an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for n in range(ARCHIVED):
                at = (NOW + timedelta(minutes=n)).isoformat()
                entry = {"id": str(n), "datetime": at, "title": f"Entry {n}", "text": _body(rng, vocabulary, 15)}
                file.write(json.dumps(entry) + "\n")
        configured = settings.load({"BACKSTORY_DATA_DIR": str(Path(folder) / "data")}, folder=Path(folder))
        began = time.perf_counter()
        report = asyncio.run(import_paths(configured, [path]))
        taken = time.perf_counter() - began
    if report.entries_new != ARCHIVED:
        raise AssertionError(report)
    return taken / ARCHIVED * 1e3


async def _lags(vocabulary: list[str]) -> tuple[float, float]:
    """The 95th percentiles of two waits: for a message to reach the chat, and for a page that a command asks for."""
    rng = random.Random(8)
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'lag.db'}")
        chat = await store.chat_at(Address(Platform.TELEGRAM, "1"), title="x", now=clock.now())
        topic = await store.add_topic(Topic(UNSAVED, chat.id, "Quwarmia", "quwarmia", clock.now()))
        await store.subscribe(Subscription(chat.id, topic.id, clock.now()))
        feed = await store.add_feed(Feed(UNSAVED, "https://n.example/", "N", clock.now(), shared=True, baselined=True))
        pipeline = Pipeline(store, lexicon.load())
        await pipeline.watch()
        deliverer = Deliverer(store, {Platform.TELEGRAM: ScriptedChat()}, clock)
        lags: list[float] = []
        pages: list[float] = []

        async def publish(number: int) -> None:
            seen = time.perf_counter()
            wanted = " Quwarmia is named here." if number % FOLLOWED == 0 else ""
            title = " ".join(rng.choices(vocabulary, k=8)) + wanted
            text = _body(rng, vocabulary, 20) + wanted
            entry = ParsedEntry(str(number), f"https://n.example/{number}", title, text, clock.now())
            plan = await pipeline.ingest(feed, [entry], now=clock.now(), options=Options())
            if plan.deliveries:
                for piece in await deliverer.claim(10):
                    await piece
                lags.append(time.perf_counter() - seen)

        async def ask() -> None:
            while True:
                began = time.perf_counter()
                await store.latest_stories(chat.id)
                pages.append(time.perf_counter() - began)
                await asyncio.sleep(0.1)

        asking = asyncio.create_task(ask())
        async with asyncio.TaskGroup() as publishing:
            for number in range(PUBLISHED_PER_S * PUBLISHED_FOR_S):
                publishing.create_task(publish(number))
                await asyncio.sleep(1 / PUBLISHED_PER_S)
        asking.cancel()
        await store.close()
    if len(lags) < PUBLISHED_PER_S * PUBLISHED_FOR_S // FOLLOWED - 1:
        raise AssertionError("not every wanted publication was told")
    return _p95_ms(lags), _p95_ms(pages)


def _p95_ms(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1] * 1e3
