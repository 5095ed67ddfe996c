"""One story for thousands of Telegram chats, handed over at the platform's pace, and people who ask meanwhile.

The whole bot runs against the double of the Bot API, which counts and answers 429 as Telegram does. Nothing is scaled:
``make bench`` sends to ``CHATS`` chats; ``python -m tests.benchmarks.chat_fanout 5000`` takes the three minutes that
5,000 take.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Final

import structlog

from bot import limits, settings
from bot.app import Bot, remote_chats
from bot.model import UNSAVED, Address, Feed, Platform, Subscription, Topic
from bot.store.sql import open_store
from tests.benchmarks.measure import Row
from tests.doubles.bot_api import TOKEN, BotApi, User
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

CHATS: Final = 600
FIRST_CHAT: Final = 50_000
STORIES: Final = (
    ("Envoys sign a harbour treaty", "Envoys of two coastal states signed a treaty on harbour dues on Monday."),
    ("Glacier lake bursts above a valley", "A glacier lake burst its bank on Tuesday and flooded twelve farms below."),
)
ASK_EACH_S: Final = 1.0
SECOND_STORY_AT: Final = 0.3
"""The share of the first story's chats after which the second is out: both are then on their way at once."""


@dataclass(frozen=True)
class FanOut:
    """How it went: ``disordered`` chats saw the second story first; ``answers_s`` is what those who asked waited."""

    chats: int
    taken_s: float
    floods: int
    missing: int
    disordered: int
    answers_s: tuple[float, ...]

    @property
    def least_s(self) -> float:
        """What the platform's pace allows: each message and each answer takes a turn."""
        return (len(STORIES) * self.chats + len(self.answers_s)) / limits.TELEGRAM_OVERALL_PER_S


def chat_fanout() -> list[Row]:
    """Seconds for all of them beside what the pace allows, and what people who asked meanwhile waited."""
    went = asyncio.run(fan_out(CHATS))
    if went.floods or went.missing or went.disordered:
        raise AssertionError(f"the fan-out went wrong: {went}")
    slowest = sorted(went.answers_s)[int(len(went.answers_s) * 0.95)]
    return [
        Row(f"two stories to {CHATS} chats", went.taken_s, "30 messages a second", went.least_s, "s"),
        Row("a command answered meanwhile, p95", slowest, "a turn in the queue of chats", CHATS / 30, "s"),
    ]


async def fan_out(chats: int) -> FanOut:
    """Let two stories, one soon after the other, go to so many chats."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        base = settings.load(
            {
                "BACKSTORY_DATA_DIR": folder,
                "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
                "BACKSTORY_POLL_MIN_S": "2",
                "BACKSTORY_POLL_MAX_S": "2",
                "BACKSTORY_ARTICLE_PAGES": "off",
            },
            folder=Path(folder),
        )
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(feed_server())
            address = server.serve("/feed", _document(0))
            await _subscribe(base.database_url, address, chats)
            api = await stack.enter_async_context(BotApi())
            for number in range(chats):
                api.open_private(FIRST_CHAT + number)
            configured = replace(base, telegram_token=TOKEN, telegram_api_base_url=api.base_url)
            await stack.enter_async_context(Bot(configured, remote_chats(configured), sample_mode=False))
            asking = asyncio.create_task(_ask(api))
            await asyncio.sleep(5)
            server.serve("/feed", _document(1))
            await api.until(lambda: _told(api) >= SECOND_STORY_AT * chats, 600)
            server.serve("/feed", _document(2))
            await api.until(lambda: _told(api) >= len(STORIES) * chats, 60 + chats)
            asking.cancel()
            return _judged(api, chats, await _or_empty(asking))


async def _subscribe(url: str, address: str, chats: int) -> None:
    store = await open_store(url)
    now = datetime.now(UTC)
    try:
        await store.add_feed(Feed(UNSAVED, address, "Outlet", now, shared=True))
        topic = await store.add_topic(Topic(UNSAVED, None, "Everything", "treaty | glacier", now))
        for number in range(chats):
            chat = await store.chat_at(Address(Platform.TELEGRAM, str(FIRST_CHAT + number)), title="", now=now)
            await store.subscribe(Subscription(chat.id, topic.id, now))
    finally:
        await store.close()


def _document(stories: int) -> Answer:
    now = datetime.now(UTC)
    items = [
        Item(title, f"https://outlet.example/{n}", f"guid-{n}", format_datetime(now - timedelta(minutes=1)), text)
        for n, (title, text) in enumerate(STORIES[:stories])
    ]
    old = Item("An old report", "https://outlet.example/old", "old", format_datetime(now - timedelta(days=3)), "Old.")
    return Answer(rss(*reversed(items), old, title="Outlet"))


async def _ask(api: BotApi, answers: list[float] | None = None) -> list[float]:
    """Each second somebody new writes /help; what each waited, when cancelled."""
    answers = [] if answers is None else answers
    number = 0
    try:
        while True:
            number += 1
            user = User(1000 + number)
            began = time.monotonic()
            seen = len(api.sent)
            await api.say("/help", user)
            await api.until(lambda: any(sent.chat == user.id for sent in api.sent[seen:]), 60)  # noqa: B023 - awaited
            answers.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, ASK_EACH_S - answers[-1]))
    except asyncio.CancelledError:
        return answers


async def _or_empty(asking: asyncio.Task[list[float]]) -> tuple[float, ...]:
    return tuple(await asking)


def _told(api: BotApi) -> int:
    return sum(sent.chat >= FIRST_CHAT for sent in api.sent)


def _judged(api: BotApi, chats: int, answers_s: tuple[float, ...]) -> FanOut:
    times = [at for method, form, at in api.calls if method == "sendMessage" and int(form["chat_id"]) >= FIRST_CHAT]
    seen: defaultdict[int, list[str]] = defaultdict(list)
    for sent in api.sent:
        if sent.chat >= FIRST_CHAT:
            seen[sent.chat].append(sent.text.splitlines()[0])
    wanted = [title for title, _ in STORIES]
    missing = sum(len(STORIES) - len(titles) for titles in seen.values()) + len(STORIES) * (chats - len(seen))
    disordered = sum(titles != wanted for titles in seen.values())
    return FanOut(chats, times[-1] - times[0], api.floods, missing, disordered, answers_s)


def main() -> None:
    """Tell how a fan-out to as many chats as are asked for went."""
    went = asyncio.run(fan_out(int(sys.argv[1]) if len(sys.argv) > 1 else CHATS))
    waits = sorted(went.answers_s)
    sys.stdout.write(
        f"{len(STORIES)} stories to {went.chats:,} chats in {went.taken_s:.0f} s (the pace: {went.least_s:.0f} s); "
        f"429s: {went.floods}, missing: {went.missing}, out of order: {went.disordered}; "
        f"{len(waits)} commands answered meanwhile: median {waits[len(waits) // 2]:.2f} s, "
        f"p95 {waits[int(len(waits) * 0.95)]:.2f} s\n"
    )


if __name__ == "__main__":
    main()
