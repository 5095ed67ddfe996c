"""How soon a publication is handed to a chat's API while others keep coming: `python -m tests.benchmarks.telling`.

With a rate, a number of seconds and a database's address, where they shall be others. Entries are parsed as they come
from a feed; every fourth is wanted by one of a few chats. A lag counts from the moment at which the entry was to be
published, so that a bot which falls behind is not asked less for it. A run ends when all is told, or fails in time.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.clock import SystemClock
from bot.model import UNSAVED, Address, Feed, ParsedEntry, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.deliver import Deliverer
from bot.workers.local import Loop
from bot.workers.pipeline import Options, Pipeline
from tests.benchmarks.measure import Row, body, p95, words
from tests.workers.scripted_chat import ScriptedChat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chats.chat import Errand
    from bot.chats.message import Message
    from bot.model import MessageRef
    from bot.store.port import Store

PUBLISHED_PER_S: Final = 20.0
PUBLISHED_FOR_S: Final = 10.0
ALLOWED_LAG_MS: Final = 1000.0
CHATS: Final = 10
FOLLOWED: Final = 4
ENDS_AFTER_S: Final = 60.0
"""So long after the last publication the run fails."""

_NUMBER: Final = re.compile(r"Report (\d+)")


@dataclass
class Heard(ScriptedChat):
    """A chat platform that notes when it is handed which publication."""

    wanted: int = 0
    at_s: dict[int, float] = field(default_factory=dict)
    all_told: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(
        self, to: Address, message: Message, *, reply_to: MessageRef | None = None, errand: Errand | None = None
    ) -> MessageRef:
        """Take it, and note its number."""
        ref = await super().send(to, message, reply_to=reply_to, errand=errand)
        named = _NUMBER.search(str(message.blocks))
        if named is not None:
            self.at_s.setdefault(int(named[1]), time.perf_counter())
        if len(self.at_s) == self.wanted:
            self.all_told.set()
        return ref


@dataclass(frozen=True)
class Lags:
    """Seconds, for each publication that somebody wanted; ``pages_s`` is what a page of /latest took meanwhile.

    ``stored_s`` is the part of a lag until the entry and its alert were stored. ``cpu_s`` is this process's, for all.
    """

    told_s: list[float]
    stored_s: list[float]
    pages_s: list[float]
    published: int
    cpu_s: float


def telling() -> list[Row]:
    """Milliseconds, beside what is allowed."""
    found = lags(PUBLISHED_PER_S, PUBLISHED_FOR_S)
    rate = f"{PUBLISHED_PER_S:g} entries/s"
    told_ms = p95(found.told_s) * 1e3
    return [
        Row(f"seen to handed to the chat's API, {rate}, p95", told_ms, "allowed", ALLOWED_LAG_MS, "ms"),
        Row(f"a page of /latest meanwhile, {rate}, p95", p95(found.pages_s) * 1e3, "the same lag", told_ms, "ms"),
    ]


def lags(rate_per_s: float, for_s: float, url: str | None = None) -> Lags:
    """Publish so many entries a second for so long, on a new SQLite file or on this database."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_lags(rate_per_s, for_s, url or f"sqlite:///{Path(folder) / 'telling.db'}"))


async def _lags(rate_per_s: float, for_s: float, url: str) -> Lags:
    clock = SystemClock()
    store = await open_store(url)
    feed = await _stock(store)
    pipeline = Pipeline(store, lexicon.load())
    await pipeline.watch()
    entries = _entries(int(rate_per_s * for_s))
    wanted = range(0, len(entries), FOLLOWED)
    chat = Heard(wanted=len(wanted))
    stored_at: dict[int, float] = {}
    room = asyncio.Semaphore(limits.POLLS_AT_ONCE)
    deliveries = Loop("deliveries", Deliverer(store, {Platform.TELEGRAM: chat}, clock), size=limits.CLAIM_BATCH)
    deliveries.start()

    async def publish(number: int) -> None:
        async with room:
            plan = await pipeline.ingest(feed, [entries[number]], now=clock.now(), options=Options())
        if plan.deliveries:
            stored_at[number] = time.perf_counter()
            deliveries.wake()

    async with _asking(store) as pages:
        began_s, cpu_s = time.perf_counter(), time.process_time()
        due_s = [began_s + number / rate_per_s for number in range(len(entries))]
        async with asyncio.timeout(for_s + ENDS_AFTER_S), asyncio.TaskGroup() as publishing:
            for number, at_s in enumerate(due_s):
                await asyncio.sleep(at_s - time.perf_counter())
                publishing.create_task(publish(number))
        async with asyncio.timeout(ENDS_AFTER_S):
            await chat.all_told.wait()
        cpu_s = time.process_time() - cpu_s
    await deliveries.stop()
    await store.close()
    return Lags(
        [chat.at_s[number] - due_s[number] for number in wanted],
        [stored_at[number] - due_s[number] for number in wanted],
        pages,
        len(entries),
        cpu_s,
    )


async def _stock(store: Store) -> Feed:
    """Chats with a topic each, and the feed that all of them read."""
    now = SystemClock().now()
    for number in range(CHATS):
        chat = await store.chat_at(Address(Platform.TELEGRAM, str(number + 1)), title="x", now=now)
        topic = await store.add_topic(Topic(UNSAVED, chat.id, f"Topic {number}", _subject(number), now))
        await store.subscribe(Subscription(chat.id, topic.id, now))
    return await store.add_feed(Feed(UNSAVED, "https://n.example/", "N", now, shared=True, baselined=True))


def _subject(number: int) -> str:
    return f"quwarmia{'abcdefghij'[number]}"


def _entries(count: int) -> list[ParsedEntry]:
    """Entries of about 2,000 characters; a wanted one names the subject of one chat."""
    rng = random.Random(8)
    vocabulary = words(rng, 20_000)
    made = []
    for number in range(count):
        subject = _subject(number // FOLLOWED % CHATS).title() if number % FOLLOWED == 0 else "Nobody"
        title = f"Report {number} of {subject}: {' '.join(rng.choices(vocabulary, k=7))}"
        text = f"{body(rng, vocabulary, 20)} {subject} is named here."
        made.append(ParsedEntry(str(number), f"https://n.example/{number}", title, text, SystemClock().now()))
    return made


@asynccontextmanager
async def _asking(store: Store) -> AsyncIterator[list[float]]:
    """Somebody asks for /latest ten times a second; gives the seconds that each page took."""
    pages: list[float] = []

    async def ask() -> None:
        while True:
            began = time.perf_counter()
            await store.latest_stories(1)
            pages.append(time.perf_counter() - began)
            await asyncio.sleep(0.1)

    asking = asyncio.create_task(ask())
    try:
        yield pages
    finally:
        asking.cancel()
        await asyncio.wait([asking])


def main() -> None:
    """Say how soon, and what of it was taking in: `python -m tests.benchmarks.telling [PER_S] [SECONDS] [URL]`."""
    rate_per_s, for_s = (float(sys.argv[at]) if len(sys.argv) > at else 0.0 for at in (1, 2))
    found = lags(rate_per_s or PUBLISHED_PER_S, for_s or PUBLISHED_FOR_S, sys.argv[3] if len(sys.argv) > 3 else None)
    sending = [told - stored for told, stored in zip(found.told_s, found.stored_s, strict=True)]
    for what, taken in (
        ("seen to handed over", found.told_s),
        ("of it, until it is stored", found.stored_s),
        ("of it, until it is handed over", sending),
        ("a page of /latest meanwhile", found.pages_s),
    ):
        sys.stdout.write(
            f"{what}: p50 {statistics.median(taken) * 1e3:.0f} ms, p95 {p95(taken) * 1e3:.0f} ms, "
            f"most {max(taken) * 1e3:.0f} ms\n"
        )
    sys.stdout.write(f"{found.published} published, {found.cpu_s / found.published * 1e3:.1f} ms of CPU each\n")


if __name__ == "__main__":
    main()
