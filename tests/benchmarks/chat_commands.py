"""How soon a command is answered in a full house: 1,000 chats, 10,000 topics, 100,000 entries, feeds being polled.

The whole bot runs on SQLite against the double of the Bot API, with feeds on a local server that bring something new at
each poll. Measured is what a person waits: from the update being there to the reply arriving. ``python -m
tests.benchmarks.chat_commands`` prints each command's share.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bot import settings
from bot.app import Bot, remote_chats
from bot.model import (
    UNSAVED,
    Action,
    Address,
    Alert,
    Entry,
    Evidence,
    Feed,
    Fingerprint,
    IngestPlan,
    Match,
    NewEntry,
    Platform,
    Story,
    Subscription,
    Topic,
)
from bot.store.sql import open_store
from tests.benchmarks.measure import Row, words
from tests.doubles.bot_api import TOKEN, BotApi, User
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.store.port import Store
    from tests.pipeline.feed_server import FeedServer

FEEDS: Final = 20
ENTRIES_OF_A_FEED: Final = 40
WORDS_OF_AN_ENTRY: Final = 60
BATCH: Final = 2000
ENTRIES_A_STORY: Final = 4
FIRST_USER: Final = 10_000
ROUNDS: Final = 12
USER_NAME: Final = "Ada"
PAUSE_S: Final = 0.02
EACH_POLL_S: Final = 10
PATIENCE_S: Final = 60.0
LOOK_S: Final = 0.003
COMMANDS: Final = (
    "/start",
    "/help",
    "/topics",
    "/topics show {topic}",
    "/feeds",
    "/latest",
    "/latest {topic}",
    "/why",
    "/earlier",
    "/search {word}",
    "/status",
    "/digest",
    "/settings",
    "/missed",
    "/mute {topic} 1h",
    "/unmute all",
    "/timeline {topic}",
)
_EMPTY: Final = Fingerprint({}, frozenset(), {}, frozenset(), frozenset(), frozenset(), (), ())


@dataclass(frozen=True)
class House:
    """How much is stored."""

    chats: int
    topics: int
    entries: int


FULL: Final = House(chats=1000, topics=10_000, entries=100_000)
EMPTY: Final = House(chats=250, topics=250, entries=1000)


def chat_commands() -> list[Row]:
    """The 95th percentile and the median in a full house, beside an almost empty one where no feed is polled."""
    full, empty = sorted(_all(asyncio.run(measure(FULL)))), sorted(_all(asyncio.run(measure(EMPTY, polled=False))))
    peer = "almost nothing stored, no polls"
    return [
        Row("a command answered, full house, p95", _at(full, 0.95) * 1e3, peer, _at(empty, 0.95) * 1e3, "ms"),
        Row("the same, median", _at(full, 0.5) * 1e3, peer, _at(empty, 0.5) * 1e3, "ms"),
    ]


async def measure(
    house: House, *, polled: bool = True, stamp: Callable[[], float] = time.monotonic
) -> dict[str, list[float]]:
    """Seconds until each command was answered, by command; with ``time.process_time``, of this process's work alone."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        base = settings.load(
            {
                "BACKSTORY_DATA_DIR": folder,
                "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
                "BACKSTORY_POLL_MIN_S": str(EACH_POLL_S),
                "BACKSTORY_POLL_MAX_S": str(EACH_POLL_S),
                "BACKSTORY_ARTICLE_PAGES": "off",
            },
            folder=Path(folder),
        )
        rng = random.Random(11)
        vocabulary = words(rng, 20_000)
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(feed_server())
            await _furnish(base.database_url, house, rng, vocabulary, server if polled else None)
            api = await stack.enter_async_context(BotApi())
            api.stamp = stamp
            configured = replace(base, telegram_token=TOKEN, telegram_api_base_url=api.base_url)
            await stack.enter_async_context(Bot(configured, remote_chats(configured), sample_mode=False))
            news = asyncio.create_task(_publish(server, rng, vocabulary)) if polled else None
            await asyncio.sleep(3)
            taken = await _converse(api, house, rng, vocabulary)
            if news is not None:
                news.cancel()
            return taken


async def _converse(api: BotApi, house: House, rng: random.Random, vocabulary: list[str]) -> dict[str, list[float]]:
    """One person after another says something, each in a chat of their own, while feeds are polled."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    users = rng.sample(range(house.chats), ROUNDS * len(COMMANDS))
    commands = [command for _ in range(ROUNDS) for command in rng.sample(COMMANDS, len(COMMANDS))]
    for user, command in zip(users, commands, strict=True):
        chat, seen = FIRST_USER + user, len(api.calls)
        text = command.format(topic=_topic_name(user), word=rng.choice(vocabulary[:500]))
        began = api.stamp()
        await api.say(text, User(chat, USER_NAME))
        taken[command].append(await _answered(api, str(chat), seen) - began)
        await asyncio.sleep(PAUSE_S)
    return taken


async def _answered(api: BotApi, chat: str, seen: int) -> float:
    """When the first answer to a chat was sent."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for method, form, at in api.calls[seen:]:
                if method in {"sendMessage", "sendPhoto"} and form["chat_id"] == chat:
                    return at
            await asyncio.sleep(LOOK_S)


# ---------------------------------------------------------------- what is stored


def _topic_name(chat: int) -> str:
    return f"Topic {chat} 0"


async def _furnish(
    url: str, house: House, rng: random.Random, vocabulary: list[str], server: FeedServer | None
) -> None:
    store = await open_store(url)
    now = datetime.now(UTC)
    try:
        feeds = [
            await store.add_feed(
                Feed(
                    UNSAVED,
                    server.url(f"/{n}") if server else f"http://127.0.0.1:9/{n}",
                    f"Outlet {n}",
                    now,
                    shared=True,
                )
            )
            for n in range(FEEDS)
        ]
        topics: list[Topic] = []
        for chat_number in range(house.chats):
            address = Address(Platform.TELEGRAM, str(FIRST_USER + chat_number))
            chat = await store.chat_at(address, title=USER_NAME, lang="en", now=now)
            for n in range(house.topics // house.chats):
                query = f"{rng.choice(vocabulary)} & {rng.choice(vocabulary)}"
                topic = await store.add_topic(Topic(UNSAVED, chat.id, f"Topic {chat_number} {n}", query, now))
                await store.subscribe(Subscription(chat.id, topic.id, now))
                topics.append(topic)
        await _archive(store, feeds, topics, rng, vocabulary, house)
    finally:
        await store.close()


async def _archive(
    store: Store, feeds: list[Feed], topics: list[Topic], rng: random.Random, vocabulary: list[str], house: House
) -> None:
    """Entries of the last two months, four a story, each story on one topic and told to its chat."""
    now = datetime.now(UTC)
    weights = list(itertools.accumulate(1 / (rank + 30) for rank in range(len(vocabulary))))
    for first in range(1, house.entries + 1, BATCH):
        plan = IngestPlan()
        entries, matches, stories, members, alerts = [], [], [], [], []
        for number in range(first, min(first + BATCH, house.entries + 1)):
            terms = rng.choices(vocabulary, cum_weights=weights, k=WORDS_OF_AN_ENTRY)
            at = now - timedelta(minutes=(house.entries - number) * 86_400 // house.entries)
            feed = rng.choice(feeds)
            title, body = " ".join(terms[:8]), " ".join(terms)
            entry = Entry(
                number, feed.id, str(number), f"https://news.example/{number}", title, body, "en", feed.title, at, at
            )
            entries.append(NewEntry(entry, (), _EMPTY, tuple(terms)))
            story_id = 1 + (number - 1) // ENTRIES_A_STORY
            topic = topics[story_id % len(topics)]
            matches.append(
                Match(number, topic.id, 0.9, relevant=True, evidence=(Evidence(terms[0], terms[0], "title", title),))
            )
            members.append((story_id, number))
            if number % ENTRIES_A_STORY == 1:
                stories.append(
                    Story(story_id, number, title, entry.url, feed.title, "en", at, at, 4, (feed.title,), body)
                )
                alerts.append(
                    Alert(story_id, story_id, number, Action.ALERT, at, title, entry.url, feed.title, at, body)
                )
        plan = replace(
            plan, entries=tuple(entries), matches=tuple(matches), stories=tuple(stories), members=tuple(members),
            alerts=tuple(alerts),
        )  # fmt: skip
        async with store.ingest() as unit:
            await unit.apply(plan)


async def _publish(server: FeedServer, rng: random.Random, vocabulary: list[str]) -> None:
    """Each feed has one new entry at each poll."""
    numbers = itertools.count()
    items = {n: [_item(next(numbers), rng, vocabulary) for _ in range(ENTRIES_OF_A_FEED)] for n in range(FEEDS)}
    while True:
        for feed, kept in items.items():
            kept.insert(0, _item(next(numbers), rng, vocabulary))
            kept.pop()
            server.serve(f"/{feed}", Answer(rss(*kept, title=f"Outlet {feed}")))
        await asyncio.sleep(EACH_POLL_S)


def _item(number: int, rng: random.Random, vocabulary: list[str]) -> Item:
    said = rng.choices(vocabulary, k=WORDS_OF_AN_ENTRY)
    date = format_datetime(datetime.now(UTC))
    return Item(" ".join(said[:8]), f"https://news.example/new/{number}", f"new-{number}", date, " ".join(said))


# ---------------------------------------------------------------- figures


def _all(taken: dict[str, list[float]]) -> Iterator[float]:
    return itertools.chain.from_iterable(taken.values())


def _at(taken: list[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def main() -> None:
    """Each command's median and worst, the slowest first."""
    taken = asyncio.run(measure(FULL))
    rows = sorted(((sorted(each), command) for command, each in taken.items()), key=lambda row: -_at(row[0], 0.5))
    for each, command in rows:
        sys.stdout.write(f"{command:24} median {_at(each, 0.5) * 1e3:7.0f} ms, worst {each[-1] * 1e3:7.0f} ms\n")
    together = sorted(_all(taken))
    sys.stdout.write(f"all: median {_at(together, 0.5) * 1e3:.0f} ms, p95 {_at(together, 0.95) * 1e3:.0f} ms\n")


if __name__ == "__main__":
    main()
