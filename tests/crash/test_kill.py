"""SIGKILL, by the hundred: nothing is lost, and what is repeated is marked and little; on Slack nothing is repeated.

``KILLS`` says how many; `make crash` asks for 500 on SQLite, 500 on PostgreSQL and 500 in a fleet. Half of them strike
at a named place, half at random instants. Every bot speaks on Telegram and on Slack at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.crashpoints import PLACES
from bot.limits import LEASE_S
from bot.model import Platform
from bot.store.sql import open_store
from tests.crash.bots import Nursery
from tests.crash.world import world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.conftest import Figures
    from tests.crash.world import Tally, World
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
SEED = int(os.environ.get("SEED", "1"))
SCALED = 44
"""Together with those around digests, fifty: the part that every run of the suite has."""

SECONDS_A_KILL = 8  # with all that comes after; a kill takes little more than one
CHATS = 20
EARLY = 0.25
"""The share of random instants that lie before a bot's first message."""

FIRST_MESSAGE_S = 20.0
MOST_WAITING = 60
QUICK = {
    "FETCH_TOTAL_TIMEOUT_S": 3.0,
    "FLEET_HEARTBEAT_S": 1.0,
    "FLEET_REAP_S": 2,
    "FLEET_STALLED_S": 4.0,
    "LEASE_S": 20.0,
    "SEAT_CHECK_S": 0.3,
    "SEND_TIMEOUT_S": 15.0,
}
"""A fleet's leases, a third of their length: in an hour's run they must run out as often as in a day."""

PROMISED = "0 lost; at most 1 marked repeat a chat and kill, never 3 copies; Slack 0 repeats"


class Killer:
    """Kills bots once they have work, whatever the machine's load: a bot that dies before it has begun proves little.

    ``starts_s`` holds how long bots took from their start to their first message.
    """

    def __init__(self, here: World) -> None:
        self._here = here
        self._random = here.random
        self.starts_s: list[float] = []

    def publish(self) -> None:
        """Something to do, but never more than the feeds can show at once."""
        if self._here.waiting < MOST_WAITING:
            self._here.publish(self._random.randint(2, 8))

    def somewhere(self) -> str:
        """A named place, and which time the bot comes to it."""
        return f"{self._random.choice(PLACES)}:{self._random.randint(1, 4)}"

    async def kill(self, nursery: Nursery, *, armed: bool) -> None:
        """Wait for the bot to die where it was told to; or kill it at a random instant."""
        here, began, before = self._here, time.monotonic(), self._here.arrived
        ending = asyncio.ensure_future(nursery.ended())
        early_s = self._random.uniform(0, sorted(self.starts_s)[len(self.starts_s) // 2]) if self.starts_s else 0
        if not armed and self.starts_s and self._random.random() < EARLY:
            await asyncio.wait({ending}, timeout=early_s)
        else:
            await self._until(lambda: ending.done() or here.arrived > before, FIRST_MESSAGE_S)
            if here.arrived > before:
                self.starts_s.append(time.monotonic() - began)
            await (self._idle(ending) if armed else asyncio.wait({ending}, timeout=self._random.uniform(0, 0.3)))
        if not ending.done():
            nursery.send(signal.SIGKILL)
        assert await ending == -signal.SIGKILL

    async def _idle(self, ending: asyncio.Future[int]) -> None:
        """Until it has died, or has had nothing to send for a while."""
        seen = -1
        while not ending.done() and seen != self._here.arrived:
            seen = self._here.arrived
            await asyncio.wait({ending}, timeout=1.0)

    async def _until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.01)


async def kill_often(here: World, nursery: Nursery, kills: int) -> list[float]:
    """Publish, start, kill, again and again; returns the seconds from starts to first messages.

    Where leases must run out before others may take over, they do so between two runs: no test has an hour to wait.
    """
    killer = Killer(here)
    for number in range(kills):
        killer.publish()
        here.begin_run()
        armed = bool(number % 2)
        await nursery.start(here.environment(BACKSTORY_CRASH_AT=killer.somewhere() if armed else ""))
        await killer.kill(nursery, armed=armed)
        if not here.database.startswith("sqlite"):
            await here.leases_run_out()
    return sorted(killer.starts_s)


async def kill_in_turn(here: World, fleet: list[Nursery], kills: int) -> None:
    """Two workers all the time: a new one comes, the one that speaks is killed, and the new one takes its place."""
    killer = Killer(here)
    old, young = fleet
    await old.start(here.environment())
    armed = False
    for number in range(kills):
        killer.publish()
        here.begin_run()
        arms = bool(number % 2)
        await young.start(here.environment(BACKSTORY_CRASH_AT=killer.somewhere() if arms else ""))
        await killer.kill(old, armed=armed)
        old, young, armed = young, old, arms
    assert await old.end(signal.SIGKILL, within_s=0) == -signal.SIGKILL


async def judged(here: World, bots: Nursery, settle_s: float) -> Tally:
    """Let a last bot finish what the killed ones left, and count; what is in doubt comes when a person asks for it."""
    await run_until_settled(here, bots, settle_s)
    found = await here.tally()
    # What is in doubt was never given up for good: a person may have it sent again.
    store = await open_store(here.database)
    assert await store.replay_deliveries(None, now=datetime.now(UTC)) == len(found.unknown)
    await store.close()
    if found.unknown:  # else there is nothing to wait for, and the bot would be ended before it has begun
        await run_until_settled(here, bots, settle_s)
    if (await here.tally()).lost:
        found.faults.append("what was in doubt did not come when it was replayed")
    return found


async def run_until_settled(here: World, nursery: Nursery, timeout_s: float) -> None:
    here.begin_run()
    await nursery.start(here.environment())
    await here.settled(timeout_s)
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0


def in_words(found: Tally) -> str:
    return (
        f"{found.published:,} entries: {len(found.lost)} lost, {found.repeats[Platform.TELEGRAM]} marked repeats on "
        f"Telegram, {found.repeats[Platform.SLACK]} on Slack, {len(found.unknown)} in doubt (came when replayed), "
        f"{len(found.faults)} other faults"
    )


def kept(found: Tally) -> None:
    assert found.faults == []
    assert found.lost == []
    assert found.repeats[Platform.SLACK] == 0


async def killed(database: str, folder: Path, kills: int, figures: Figures) -> None:
    async with (
        world(database, folder, seed=SEED, chats=CHATS, channels=CHATS) as here,
        Nursery(folder / "bot.log") as nursery,
    ):
        recovered = await kill_often(here, nursery, kills)
        # On PostgreSQL no help at the end: leases run out.
        found = await judged(here, nursery, 240 if database.startswith("sqlite") else 4 * LEASE_S)
        where = "SQLite" if database.startswith("sqlite") else "PostgreSQL"
        assert len(recovered) > kills // 3, "most bots lived long enough to send something, or this proves nothing"
        quick = f"; first message {recovered[len(recovered) // 2]:.1f} s after a start (median)"
        figures(f"kill -9 x {kills}, {where}", PROMISED, in_words(found) + quick)
        kept(found)


@pytest.mark.timeout(600 + SECONDS_A_KILL * (KILLS or SCALED))
async def test_nothing_is_lost_however_often_it_is_killed(tmp_path: Path, figures: Figures) -> None:
    await killed(f"sqlite:///{tmp_path}/backstory.db", tmp_path, KILLS or SCALED, figures)


@pytest.mark.skipif(not KILLS, reason="leases of dead workers make this long: make crash")
@pytest.mark.timeout(600 + SECONDS_A_KILL * KILLS)
async def test_nothing_is_lost_on_postgresql_either(tmp_path: Path, postgres: PostgresServer, figures: Figures) -> None:
    await killed(postgres.new_database(), tmp_path, KILLS, figures)


@pytest.mark.skipif(not KILLS, reason="a start of two workers a kill makes this long: make crash")
@pytest.mark.timeout(600 + SECONDS_A_KILL * KILLS)
async def test_nothing_is_lost_in_a_fleet(tmp_path: Path, postgres: PostgresServer, figures: Figures) -> None:
    database, log = postgres.new_database(), tmp_path / "bot.log"
    async with (
        world(database, tmp_path, seed=SEED, chats=CHATS, channels=CHATS) as here,
        AsyncExitStack() as stack,
    ):
        fleet = [await stack.enter_async_context(Nursery(log, command="worker", limits=QUICK)) for _ in range(2)]
        await kill_in_turn(here, fleet, KILLS)
        found = await judged(here, fleet[0], 240)
        figures(f"kill -9 x {KILLS}, a fleet of two on PostgreSQL", PROMISED, in_words(found))
        kept(found)
