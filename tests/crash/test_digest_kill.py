"""SIGKILL around digests: nothing that was held is lost, and a digest is repeated once at most, marked.

Every chat takes digests, so all that is published is held first; somebody asks for it while bots are killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.model import Address, Hold, Platform
from bot.preferences import ChatSettings, Every, Rhythm
from bot.store.sql import open_store
from tests.crash.world import FIRST_CHAT, MARK, Nursery, World
from tests.doubles.bot_api import BotApi
from tests.pipeline.feed_server import feed_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.doubles.bot_api import SentMessage
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
SEED = int(os.environ.get("SEED", "1"))
PLACES = ("begun", "answered", "commit", "begun", "finished", "answered")
PATIENCE_S = 15.0
CHATS = 6
_TOKEN = re.compile(r"\bw\d+[a-z]{8}\b")
_SUMMON_EVERY_S = 0.2


class DigestWorld(World):
    """The world of chats that take digests: a message holds several entries."""

    async def set_up(self) -> None:
        await super().set_up()
        store = await open_store(self.database)
        daily = ChatSettings(digest=Rhythm(Every.DAILY))
        for number in range(self.chats):
            chat = await store.chat_at(
                Address(Platform.TELEGRAM, str(FIRST_CHAT + number)), title="x", now=self.began_at
            )
            await store.put_settings(chat.id, daily, held_until=datetime.now(UTC))
        await store.close()

    async def ask_for_digests(self) -> None:
        """As if somebody in every chat typed /digest now, again and again."""
        store = await open_store(self.database)
        try:
            while True:
                for number in range(self.chats):
                    chat = await store.chat_at(
                        Address(Platform.TELEGRAM, str(FIRST_CHAT + number)), title="x", now=self.began_at
                    )
                    await store.summon_held(chat.id, reasons=[Hold.DIGEST], now=datetime.now(UTC))
                await asyncio.sleep(_SUMMON_EVERY_S)
        finally:
            await store.close()

    async def digest_comes(self, ending: asyncio.Future[int]) -> None:
        """Wait until this run's first message has arrived, or the bot has ended."""
        while not ending.done() and len(self.api.sent) <= self.runs[-1]:  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)

    def copies(self) -> Counter[str]:
        return Counter(token for sent in self.api.sent for token in tokens(sent))

    def _copy_faults(self) -> list[str]:
        marks: defaultdict[str, list[bool]] = defaultdict(list)
        for sent in self.api.sent:
            for line in sent.text.splitlines():
                for token in set(_TOKEN.findall(line)):
                    marks[token].append(MARK in line or "↻ This may repeat" in sent.text)
        faults = [f"{token}: {len(seen)} copies" for token, seen in marks.items() if len(seen) > 2]
        return faults + [f"{token}: a repeat without a mark" for token, seen in marks.items() if not all(seen[1:])]

    def _burst_faults(self) -> list[str]:
        """More than one repeated message a chat in one run."""
        seen: set[str] = set()
        repeats: Counter[tuple[int, int]] = Counter()
        run = 0
        for place, sent in enumerate(self.api.sent):
            while run < len(self.runs) and self.runs[run] <= place:
                run += 1
            repeats[run, sent.chat] += bool(seen & tokens(sent))
            seen |= tokens(sent)
        return [f"run {run}, chat {chat}: {count} repeats" for (run, chat), count in repeats.items() if count > 1]

    def _order_faults(self) -> list[str]:
        return []  # a digest has an order of its own: the best first


def tokens(sent: SentMessage) -> set[str]:
    return set(_TOKEN.findall(sent.text))


@asynccontextmanager
async def digest_world(database: str, folder: Path) -> AsyncIterator[DigestWorld]:
    async with BotApi() as api, feed_server() as feeds:
        api.latency_s = 0.02
        made = DigestWorld(api, feeds, database, folder, random.Random(SEED), CHATS)
        await made.set_up()
        yield made
        assert api.violations == []


@asynccontextmanager
async def asking(here: DigestWorld) -> AsyncIterator[None]:
    task = asyncio.create_task(here.ask_for_digests())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def killed(database: str, folder: Path, kills: int) -> None:
    async with digest_world(database, folder) as here, Nursery(folder / "bot.log") as nursery:
        for number in range(kills):
            here.publish(here.random.randint(6, 12))
            here.begin_run()
            where = f"{PLACES[number // 2 % len(PLACES)]}:{here.random.randint(1, 4)}" if number % 2 else ""
            await nursery.start(here.environment(BACKSTORY_CRASH_AT=where))
            async with asking(here):
                ending = asyncio.ensure_future(nursery.end(signal.SIGKILL, within_s=PATIENCE_S))
                await here.digest_comes(ending)
                await asyncio.wait({ending}, timeout=here.random.uniform(0, 0.3))
                if not ending.done():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(nursery.pid, signal.SIGKILL)
                assert await ending == -signal.SIGKILL
            if not database.startswith("sqlite"):
                await here.leases_run_out()
        here.begin_run()
        await nursery.start(here.environment())
        async with asking(here):
            await here.settled(40)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        digests = [sent for sent in here.api.sent if len(tokens(sent)) > 1]
        found = await here.tally()
        assert digests, "no digest of several was ever sent: this would prove nothing"
        assert sum(now > before for before, now in pairwise(here.runs)) > kills // 2, "most runs got to send something"
        assert found.faults == []
        assert found.lost == []


@pytest.mark.timeout(120 + 6 * KILLS)
async def test_no_digest_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    await killed(f"sqlite:///{tmp_path}/backstory.db", tmp_path, KILLS or 7)


@pytest.mark.timeout(120 + 6 * KILLS)
async def test_no_digest_is_lost_on_postgresql_either(tmp_path: Path, postgres: PostgresServer) -> None:
    await killed(postgres.new_database(), tmp_path, KILLS or 5)
