"""A world that outlives the bot: feeds that publish, chats that count what truly arrived, a database in between.

Each chat watches one invented word, and each entry is about one chat's word; all else in it is invented too, so that no
two entries are one story. Every entry must arrive once; a second copy must be marked, and on Slack there is none.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.limits import LEASE_S
from bot.model import UNSAVED, Action, Address, DeliveryState, Feed, MessageRef, Platform, Subscription, Topic
from bot.preferences import ChatSettings
from bot.store import schema
from bot.store.port import Outcome
from bot.store.sql import SqlStore, open_store
from tests.crash.ends import FIRST_CHAT, SlackEnd, TelegramEnd, in_order
from tests.pipeline.feed_server import Answer, Item, feed_server, rss

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.store.port import Store
    from tests.crash.ends import Arrival
    from tests.pipeline.feed_server import FeedServer

MARK = "↻"
FEEDS = 20
KEPT_PER_FEED = 50
"""Few enough that no document is large: that would be read in processes of its own, which are another test's matter."""
COPIES = {Platform.TELEGRAM: 2, Platform.SLACK: 1}
"""How many copies of an entry may arrive: where history can be read, none is sent twice."""

MERGED = 0.02
"""The share of entries that may be taken for copies by chance: made-up texts are alike now and then."""

TOKEN_OF_ENTRY = re.compile(r"\bw\d+[a-z]{12}\b")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


@dataclass(frozen=True)
class Published:
    """An entry that must reach a chat (by its place): its title begins with a word that is its alone."""

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
    repeats: Counter[Platform]
    faults: list[str]

    @property
    def marked_repeats(self) -> int:
        """Second copies anywhere; one without a mark is a fault."""
        return self.repeats.total()


async def until(condition: Callable[[], bool], timeout_s: float = 60) -> None:
    """Wait for what others do. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.01)


@dataclass
class World:
    """Feeds, chats and the clock of runs. ``runs`` holds when each run began; ``addresses`` are those of the chats."""

    api: TelegramEnd
    slack: SlackEnd
    feeds: FeedServer
    database: str
    folder: Path
    random: random.Random
    addresses: list[Address]
    published: list[Published] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=6))
    choices = ChatSettings(cap=0)
    """What every chat has chosen: alerts one by one, however many; a digest would say them all at once."""

    async def set_up(self) -> None:
        """Chats with a topic each, and feeds that are past their first poll."""
        now = datetime.now(UTC)
        store = await open_store(self.database)
        for number in range(FEEDS):
            url = self.feeds.serve(f"/{number}", Answer(rss(title=f"Outlet {number}")))
            await store.add_feed(Feed(UNSAVED, url, f"Outlet {number}", now, shared=True, baselined=True))
        for place, address in enumerate(self.addresses):
            chat = await store.chat_at(address, title="x", now=now)
            word = self.word_of(place)
            topic = await store.add_topic(Topic(UNSAVED, chat.id, word, word, now))
            await store.subscribe(Subscription(chat.id, topic.id, now))
            await store.put_settings(chat.id, self.choices, held_until={}, now=now)
        await store.close()

    def word_of(self, place: int) -> str:
        """The word that a chat watches."""
        number = FIRST_CHAT + place
        return "qu" + "".join(_SYLLABLES[number // 70**digit % 70] for digit in range(3)) + "x"

    def publish(self, count: int) -> None:
        """New entries in random feeds, each for one chat."""
        for _ in range(count):
            chat = self.random.randrange(len(self.addresses))
            token = f"w{len(self.published)}{self._invented()}"
            title = f"{token} {self.word_of(chat)} {' '.join(self._invented() for _ in range(7))}"
            body = f"{' '.join(self._invented() for _ in range(15))}. {self.word_of(chat)} {self._invented()}."
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
        return "".join(self.random.choice(_SYLLABLES) for _ in range(6))

    def environment(self, **more: str) -> dict[str, str]:
        """What `backstory run` needs to find this world."""
        platforms = {address.platform for address in self.addresses}
        return {
            "BACKSTORY_DATA_DIR": str(self.folder),
            "BACKSTORY_DATABASE_URL": self.database,
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
            "BACKSTORY_ENCODER": "off",
            "BACKSTORY_CRASH_AT": "",
            **(self.api.environment() if Platform.TELEGRAM in platforms else {}),
            **(self.slack.environment() if Platform.SLACK in platforms else {}),
            **more,
        }

    def begin_run(self) -> None:
        """Remember when the next bot starts."""
        self.runs.append(time.monotonic())

    # ------------------------------------------------------------ what arrived

    def arrivals(self) -> list[Arrival]:
        """What arrived anywhere, in order."""
        return in_order(self.api.arrivals(), self.slack.arrivals())

    @property
    def arrived(self) -> int:
        """How many messages."""
        return len(self.api.sent) + len(self.slack.taken)

    @property
    def waiting(self) -> int:
        """How many entries have not arrived yet."""
        return len(self.published) - len(self.copies())

    def told(self, arrival: Arrival) -> list[tuple[str, bool]]:
        """The entries that a message tells, each with whether it is marked as a possible repeat."""
        return [(token, MARK in arrival.text) for token in TOKEN_OF_ENTRY.findall(arrival.text)[:1]]

    def copies(self) -> Counter[str]:
        """How often each entry arrived."""
        return Counter(token for one in self.arrivals() for token, _ in self.told(one))

    def all_arrived(self) -> bool:
        return len(self.copies()) >= len(self.published)

    async def settled(self, timeout_s: float) -> None:
        """Wait until every entry has arrived or is known to be in doubt; fails if nothing moves for so long.

        A machine that is busy with other things makes a bot slow, and loses nothing.
        """
        store = await open_store(self.database)
        before, deadline = None, 0.0
        try:
            while True:
                stored, left = (await store.status()).entries, await _left(store)
                if stored >= len(self.published) and not left:
                    return
                if (now := (stored, left, self.arrived)) != before:
                    before, deadline = now, time.monotonic() + timeout_s
                stuck = f"stuck for {timeout_s:.0f} s: {stored} of {len(self.published)} entries stored, {left} to send"
                assert time.monotonic() < deadline, stuck
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
        merged = await _merged(store)
        await store.close()
        doubted = {one.alert.headline.split()[0] for one in page.newest if one.delivery.state is DeliveryState.UNKNOWN}
        copies = self.copies()
        platforms = {one.token: self.addresses[one.chat].platform for one in self.published}
        repeats: Counter[Platform] = Counter()
        for token, count in copies.items():
            repeats[platforms[token]] += count - 1
        missing = [one.token for one in self.published if not copies[one.token] and one.token not in merged]
        return Tally(
            published=len(self.published),
            arrived=len(copies),
            lost=[token for token in missing if token not in doubted],
            unknown=sorted(doubted),
            repeats=repeats,
            faults=[*self._copy_faults(), *self._burst_faults(), *self._order_faults(), *self.api.too_soon]
            + ([f"{len(merged)} were taken for copies"] if len(merged) > MERGED * len(self.published) else []),
        )

    def _copy_faults(self) -> list[str]:
        marks: defaultdict[tuple[str, Platform], list[bool]] = defaultdict(list)
        for one in self.arrivals():
            for token, marked in self.told(one):
                marks[token, one.platform].append(marked)
        faults = [
            f"{token}: {len(seen)} copies on {platform.value}"
            for (token, platform), seen in marks.items()
            if len(seen) > COPIES[platform]
        ]
        return faults + [f"{token}: a repeat without a mark" for (token, _), seen in marks.items() if not all(seen[1:])]

    def _burst_faults(self) -> list[str]:
        """More than one message a chat in one run that repeats something."""
        seen: set[str] = set()
        repeats: Counter[tuple[int, str]] = Counter()
        for one in self.arrivals():
            tokens = {token for token, _ in self.told(one)}
            repeats[bisect_right(self.runs, one.at), one.chat] += bool(seen & tokens)
            seen |= tokens
        return [f"run {run}, chat {chat}: {count} repeats" for (run, chat), count in repeats.items() if count > 1]

    def _order_faults(self) -> list[str]:
        place = {one.token: number for number, one in enumerate(self.published)}
        last: dict[str, int] = {}
        seen: set[str] = set()
        faults = []
        for one in self.arrivals():
            for token, _ in self.told(one):
                if token in seen:
                    continue
                seen.add(token)
                if place[token] < last.get(one.chat, -1):
                    faults.append(f"{token} came after a later one")
                last[one.chat] = place[token]
        return faults


async def _left(store: Store) -> int:
    """How many deliveries are still to be sent."""
    outbox = (await store.status()).outbox
    return sum(outbox.get(state, 0) for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD))


async def _merged(store: Store) -> set[str]:
    """The entries that were taken in, and taken for one more report of a story that the chat has."""
    entries, alerts, deliveries = schema.entries.c, schema.alerts.c, schema.deliveries.c
    own = select(alerts.entry_id).join(schema.deliveries, deliveries.alert_id == alerts.id)
    alone = entries.id.not_in(own.where(deliveries.action != Action.EDIT.value))
    assert isinstance(store, SqlStore)
    async with store.database.read() as conn:
        titles = await conn.scalars(select(entries.title).where(alone))
        return {title.split()[0] for title in titles}


@asynccontextmanager
async def world(
    database: str, folder: Path, *, seed: int, chats: int = 40, channels: int = 0, kind: type[World] = World
) -> AsyncIterator[World]:
    """A world with its servers running: ``chats`` on Telegram, ``channels`` on Slack."""
    async with TelegramEnd() as api, SlackEnd() as slack, feed_server() as feeds:
        # By turns, so that both platforms' chats share every feed.
        addresses = sorted([*api.open(chats), *slack.open(channels)], key=lambda one: int(one.chat.lstrip("C")))
        made = kind(api, slack, feeds, database, folder, random.Random(seed), addresses)
        await made.set_up()
        yield made
        assert api.violations == []
        assert slack.violations == []
