"""SIGKILL around digests: nothing that was held is lost, and a digest is repeated once at most, marked.

Every chat takes digests, so all that is published is held first; somebody asks for it while bots are killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.model import Hold, Platform
from bot.preferences import ChatSettings, Every, Rhythm
from bot.store.sql import open_store
from tests.crash.bots import Nursery
from tests.crash.ends import Arrival
from tests.crash.test_kill import MOST_WAITING, in_words, kept
from tests.crash.world import MARK, TOKEN_OF_ENTRY, World, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.crash.conftest import Figures
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0")) // 5
SEED = int(os.environ.get("SEED", "1"))
PLACES = ("begun", "answered", "commit", "begun", "finished", "answered")
PATIENCE_S = 15.0
CHATS = 4
_SUMMON_EVERY_S = 0.2
PROMISED = "0 lost; at most 1 marked repeat a chat and kill, never 3 copies; Slack 0 repeats"


class DigestWorld(World):
    """The world of chats that take digests: a message holds several entries."""

    choices = ChatSettings(digest=Rhythm(Every.DAILY))

    async def ask_for_digests(self) -> None:
        """As if somebody in every chat typed /digest now, again and again."""
        store = await open_store(self.database)
        try:
            while True:
                for address in self.addresses:
                    chat = await store.chat_at(address, title="x", now=self.began_at)
                    await store.summon_held(chat.id, reasons=[Hold.DIGEST], now=datetime.now(UTC))
                await asyncio.sleep(_SUMMON_EVERY_S)
        finally:
            await store.close()

    async def digest_comes(self, ending: asyncio.Future[int], before: int) -> None:
        """Wait until more has arrived than before, or the bot has ended."""
        while not ending.done() and self.arrived <= before:  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)

    def told(self, arrival: Arrival) -> list[tuple[str, bool]]:
        """A digest tells one a line, and may lead back from it; the whole of it may be marked, or a line."""
        whole = f"{MARK} This may repeat" in arrival.text
        lines = [line.partition("Earlier:")[0] for line in arrival.text.splitlines()]
        return [(token, whole or MARK in line) for line in lines for token in set(TOKEN_OF_ENTRY.findall(line))]

    def _order_faults(self) -> list[str]:
        return []  # a digest has an order of its own: the best first


OLD, NEW = "w3dogelirumazo", "w7bagidelumoza"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(f"{OLD} sinks (Outlet 1)", [(OLD, False)], id="one"),
        pytest.param(f"2 stories\n{OLD} sinks ↻ may repeat\n{NEW} rises", [(OLD, True), (NEW, False)], id="one marked"),
        pytest.param(f"↻ This may repeat\n{OLD} sinks\n{NEW} rises", [(OLD, True), (NEW, True)], id="all marked"),
        pytest.param(f"{NEW} rises. Earlier: 13 Sep {OLD} sinks", [(NEW, False)], id="a link back is no second copy"),
    ],
)
def test_what_a_digest_tells(text: str, told: list[tuple[str, bool]]) -> None:
    arrival = Arrival(Platform.TELEGRAM, "1", text, 0.0)
    assert DigestWorld.told(None, arrival) == told  # type: ignore[arg-type]


@asynccontextmanager
async def asking(here: DigestWorld) -> AsyncIterator[None]:
    task = asyncio.create_task(here.ask_for_digests())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def killed(database: str, folder: Path, kills: int, figures: Figures) -> None:
    async with (
        world(database, folder, seed=SEED, chats=CHATS, channels=CHATS, kind=DigestWorld) as here,
        Nursery(folder / "bot.log") as nursery,
    ):
        assert isinstance(here, DigestWorld)
        progress = [here.arrived]
        for number in range(kills):
            if here.waiting < MOST_WAITING:  # what a feed does not show any more can be told by nobody
                here.publish(here.random.randint(6, 12))
            here.begin_run()
            where = f"{PLACES[number // 2 % len(PLACES)]}:{here.random.randint(1, 4)}" if number % 2 else ""
            await nursery.start(here.environment(BACKSTORY_CRASH_AT=where))
            async with asking(here):
                ending = asyncio.ensure_future(nursery.end(signal.SIGKILL, within_s=PATIENCE_S))
                await here.digest_comes(ending, progress[-1])
                await asyncio.wait({ending}, timeout=here.random.uniform(0, 0.3))
                if not ending.done():
                    nursery.send(signal.SIGKILL)
                assert await ending == -signal.SIGKILL
            progress.append(here.arrived)
            if not database.startswith("sqlite"):
                await here.leases_run_out()
        here.begin_run()
        await nursery.start(here.environment())
        async with asking(here):
            await here.settled(240)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        digests = [one for one in here.arrivals() if len(here.told(one)) > 1]
        found = await here.tally()
        assert digests, "no digest of several was ever sent: this would prove nothing"
        assert sum(now > before for before, now in pairwise(progress)) > kills // 2, "most runs got to send something"
        where = "SQLite" if database.startswith("sqlite") else "PostgreSQL"
        figures(f"kill -9 x {kills} around digests, {where}", PROMISED, in_words(found))
        kept(found)


@pytest.mark.timeout(300 + 8 * KILLS)
async def test_no_digest_is_lost_however_often_it_is_killed(tmp_path: Path, figures: Figures) -> None:
    await killed(f"sqlite:///{tmp_path}/backstory.db", tmp_path, KILLS or 6, figures)


@pytest.mark.skipif(not KILLS, reason="the same on another database: make crash")
@pytest.mark.timeout(300 + 8 * KILLS)
async def test_no_digest_is_lost_on_postgresql_either(
    tmp_path: Path, postgres: PostgresServer, figures: Figures
) -> None:
    await killed(postgres.new_database(), tmp_path, KILLS, figures)
