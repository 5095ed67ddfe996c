"""A world that outlives the bot: feeds that publish, chats that count what truly arrived, a database in between.

Each chat watches one invented word, and each entry is about one chat's word; all else in it is invented too, so that no
two entries are one story. Every entry must arrive once; a second copy must be marked.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.limits import LEASE_S
from bot.model import UNSAVED, Address, DeliveryState, Feed, MessageRef, Platform, Subscription, Topic
from bot.preferences import ChatSettings
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.doubles.bot_api import TOKEN, BotApi
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.pipeline.feed_server import FeedServer

ROOT = Path(__file__).resolve().parents[2]
MARK = "↻"
FEEDS = 20
KEPT_PER_FEED = 120
FIRST_CHAT = 7001
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


@dataclass(frozen=True)
class Published:
    """An entry that must reach a chat: its title begins with a word that is its alone."""

    chat: int
    token: str
    item: Item


@dataclass
class Tally:
    """What truly arrived, held against what was published."""

    published: int
    arrived: int
    lost: list[str]
    unknown: list[str]
    marked_repeats: int
    faults: list[str]


@dataclass
class World:
    """Feeds, chats and the clock of runs. ``runs`` holds how much had arrived when each run began."""

    api: BotApi
    feeds: FeedServer
    database: str
    folder: Path
    random: random.Random
    chats: int
    published: list[Published] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=6))

    async def set_up(self) -> None:
        """Chats with a topic each, and feeds that are past their first poll."""
        now = datetime.now(UTC)
        store = await open_store(self.database)
        for number in range(FEEDS):
            url = self.feeds.serve(f"/{number}", Answer(rss(title=f"Outlet {number}")))
            await store.add_feed(Feed(UNSAVED, url, f"Outlet {number}", now, shared=True, baselined=True))
        for number in range(self.chats):
            self.api.open_private(FIRST_CHAT + number)
            chat = await store.chat_at(Address(Platform.TELEGRAM, str(FIRST_CHAT + number)), title="x", now=now)
            word = self.word_of(FIRST_CHAT + number)
            topic = await store.add_topic(Topic(UNSAVED, chat.id, word, word, now))
            await store.subscribe(Subscription(chat.id, topic.id, now))
            # One by one, however many: a digest would say them all at once.
            await store.put_settings(chat.id, ChatSettings(cap=0), held_until=now)
        await store.close()

    def word_of(self, chat: int) -> str:
        """The word that a chat watches."""
        return "qu" + "".join(_SYLLABLES[chat // 70**place % 70] for place in range(3)) + "x"

    def publish(self, count: int) -> None:
        """New entries in random feeds, each for one chat."""
        for _ in range(count):
            chat = FIRST_CHAT + self.random.randrange(self.chats)
            token = f"w{len(self.published)}{self._invented()}"
            title = f"{token} {self.word_of(chat)} {' '.join(self._invented() for _ in range(5))}"
            body = f"{' '.join(self._invented() for _ in range(25))}. {self.word_of(chat)} {self._invented()}."
            link = f"https://outlet.example/{token}"
            item = Item(title, link, guid=token, date=format_datetime(self._next_date()), description=body)
            self.published.append(Published(chat, token, item))
        # One chat's entries stay in one feed, so that the order of publication is the order of ingestion.
        for number in range(FEEDS):
            mine = [one.item for one in self.published if one.chat % FEEDS == number]
            self.feeds.serve(f"/{number}", Answer(rss(*reversed(mine[-KEPT_PER_FEED:]), title=f"Outlet {number}")))

    def _next_date(self) -> datetime:
        """A second after the one before, since feeds tell no more than seconds: order must not depend on luck."""
        return self.began_at + timedelta(seconds=len(self.published))

    def _invented(self) -> str:
        return "".join(self.random.choice(_SYLLABLES) for _ in range(4))

    def environment(self, **more: str) -> dict[str, str]:
        """What `backstory run` needs to find this world."""
        return {
            "BACKSTORY_DATA_DIR": str(self.folder),
            "BACKSTORY_DATABASE_URL": self.database,
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
            "BACKSTORY_ENCODER": "off",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": self.api.base_url,
            "BACKSTORY_CRASH_AT": "",
            **more,
        }

    def begin_run(self) -> None:
        """Remember what had arrived before the next bot starts."""
        self.runs.append(len(self.api.sent))

    def copies(self) -> Counter[str]:
        """How often each entry arrived."""
        return Counter(sent.text.split()[0] for sent in self.api.sent)

    def all_arrived(self) -> bool:
        return len(self.copies()) >= len(self.published)

    async def settled(self, timeout_s: float) -> None:
        """Wait until every entry has arrived or is known to be in doubt."""
        store = await open_store(self.database)
        deadline = time.monotonic() + timeout_s
        try:
            while time.monotonic() < deadline:
                status = await store.status()
                done = status.outbox.get(DeliveryState.SENT, 0) + status.outbox.get(DeliveryState.UNKNOWN, 0)
                if done >= len(self.published):
                    return
                await asyncio.sleep(0.1)
        finally:
            await store.close()

    async def leases_run_out(self) -> None:
        """As if enough time had passed since the last bot died."""
        store = await open_store(self.database)
        await store.release_leases()
        await store.close()

    async def taken_over(self) -> list[str]:
        """Let another worker come once all leases have run out, and send what it claims; the words of what it took."""
        store = await open_store(self.database)
        later = datetime.now(UTC) + timedelta(seconds=2 * LEASE_S)
        claimed = await store.claim_deliveries(now=later, lease_s=LEASE_S, limit=99, platforms=[Platform.TELEGRAM])
        for one in claimed:
            ref = MessageRef(one.chat.address, "1")
            await store.finish_delivery(one.delivery, Outcome(DeliveryState.SENT, ref=ref, at=later))
        await store.close()
        return [one.alert.headline.split()[0] for one in claimed]

    async def tally(self) -> Tally:
        """Count, and find every breach of the promise."""
        store = await open_store(self.database)
        page = await store.missed_deliveries(now=datetime.now(UTC), limit=100_000)
        await store.close()
        doubted = {one.alert.headline.split()[0] for one in page.newest if one.delivery.state is DeliveryState.UNKNOWN}
        copies = self.copies()
        missing = [one.token for one in self.published if not copies[one.token]]
        return Tally(
            published=len(self.published),
            arrived=len(copies),
            lost=[token for token in missing if token not in doubted],
            unknown=sorted(doubted),
            marked_repeats=sum(count - 1 for count in copies.values()),
            faults=[*self._copy_faults(), *self._burst_faults(), *self._order_faults()],
        )

    def _copy_faults(self) -> list[str]:
        marks: defaultdict[str, list[bool]] = defaultdict(list)
        for sent in self.api.sent:
            marks[sent.text.split()[0]].append(MARK in sent.text)
        faults = [f"{token}: {len(seen)} copies" for token, seen in marks.items() if len(seen) > 2]
        return faults + [f"{token}: a repeat without a mark" for token, seen in marks.items() if not all(seen[1:])]

    def _burst_faults(self) -> list[str]:
        """More than one repeat a chat in one run."""
        seen: set[str] = set()
        repeats: Counter[tuple[int, int]] = Counter()
        run = 0
        for place, sent in enumerate(self.api.sent):
            while run < len(self.runs) and self.runs[run] <= place:
                run += 1
            token = sent.text.split()[0]
            repeats[run, sent.chat] += token in seen
            seen.add(token)
        return [f"run {run}, chat {chat}: {count} repeats" for (run, chat), count in repeats.items() if count > 1]

    def _order_faults(self) -> list[str]:
        place = {one.token: number for number, one in enumerate(self.published)}
        last: dict[int, int] = {}
        seen: set[str] = set()
        faults = []
        for sent in self.api.sent:
            token = sent.text.split()[0]
            if token in seen:
                continue
            seen.add(token)
            if place[token] < last.get(sent.chat, -1):
                faults.append(f"{token} came after a later one")
            last[sent.chat] = place[token]
        return faults


@asynccontextmanager
async def world(database: str, folder: Path, *, seed: int, chats: int = 40) -> AsyncIterator[World]:
    """A world with its servers running."""
    async with BotApi() as api, feed_server() as feeds:
        api.latency_s = 0.02
        made = World(api, feeds, database, folder, random.Random(seed), chats)
        await made.set_up()
        yield made
        assert api.violations == []


class Nursery:
    """Bots to kill: forks of one warm process. Use as an async context manager."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.pid = 0

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.nursery",
            cwd=ROOT,
            env=clean_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert await self._line() == "ready"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.kill()
        if self.pid:
            # A test that failed left its bot behind, and the servers around it would wait for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self._process.communicate()

    async def start(self, environment: dict[str, str]) -> int:
        """Start a bot; returns its process id."""
        assert self._process is not None
        assert self._process.stdin is not None
        asked = {"environment": environment, "log": str(self._log)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.pid = int(await self._line())
        return self.pid

    async def stopped(self) -> None:
        """Wait until the bot is stopped."""
        assert await self._line() == "stopped"

    async def ended(self) -> int:
        """Wait until the bot has ended; returns how."""
        how = int(await self._line())
        self.pid = 0
        return how

    async def end(self, number: signal.Signals, *, within_s: float) -> int:
        """Wait for the bot to end by itself for a while, then send the signal; returns how it ended."""
        ending = asyncio.ensure_future(self.ended())
        await asyncio.wait({ending}, timeout=within_s)
        if not ending.done() and self.pid:
            # It may have come to its end in this very moment.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
        return await ending

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), 60)).decode().strip()


def clean_environment() -> dict[str, str]:
    """This process's environment without the bot's settings."""
    ours = ("BACKSTORY_", "TELEGRAM_", "SLACK_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}
