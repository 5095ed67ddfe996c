"""Signals short of SIGKILL: a stop that drains, and a process that sleeps past its lease."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from bot.model import Platform
from tests.crash.bots import ROOT, Nursery, clean_environment
from tests.crash.test_kill import QUICK
from tests.crash.world import MARK, until, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.conftest import Figures
    from tests.crash.world import World
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
STOPS = max(3, KILLS // 10)
ENDS = max(4, KILLS // 10)
QUICKER = {**QUICK, "LEASE_S": 6.0, "SEND_TIMEOUT_S": 5.0, "SEAT_IDLE_S": 3.0, "TRANSACTION_IDLE_S": 5.0}
"""Leases of six seconds, so that sleeping past one takes no minute."""


@pytest.mark.timeout(120 + 10 * ENDS)
async def test_sigterm_repeats_nothing(tmp_path: Path, figures: Figures) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with (
        world(database, tmp_path, seed=3, chats=20, channels=20) as here,
        Nursery(tmp_path / "bot.log") as nursery,
    ):
        slowest_s = 0.0
        for _ in range(ENDS):
            here.publish(12)
            here.begin_run()
            await nursery.start(here.environment())
            slowest_s = max(slowest_s, await ended(here, nursery))
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(30)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
        figures(
            f"SIGTERM x {ENDS} while it sends",
            "0 lost, 0 repeats",
            f"{found.published} entries: {len(found.lost)} lost, {found.marked_repeats} repeats, "
            f"{len(found.unknown)} in doubt; slowest end {slowest_s:.1f} s",
        )
        assert (found.lost, found.unknown, found.marked_repeats, found.faults) == ([], [], 0, [])
        assert not any(MARK in one.text for one in here.arrivals())
        assert slowest_s < 10, "what waits its turn goes back to the outbox; only what is on its way is waited for"


async def ended(here: World, nursery: Nursery) -> float:
    """End the bot while it sends; returns how long that took."""
    before = here.arrived
    await until(lambda: here.arrived > before + here.random.randrange(4) or here.all_arrived())
    began = time.monotonic()
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0
    return time.monotonic() - began


@pytest.mark.timeout(60 + 10 * STOPS)
async def test_who_slept_past_the_lease_does_not_send_what_another_took(tmp_path: Path, figures: Figures) -> None:
    """Stopped after its claim, before the request: by the time it wakes, the claim is another's, and it must see that.

    Another process is what takes over on PostgreSQL; here the test itself does what that process would do.
    """
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=4, chats=5) as here, Nursery(tmp_path / "bot.log") as nursery:
        taken: list[str] = []
        for _ in range(STOPS):
            here.publish(5)
            await nursery.start(here.environment(BACKSTORY_CRASH_AT="stop:claimed"))  # its first: nothing is under way
            await nursery.stopped()
            taken += (now := await here.taken_over())
            assert now
            nursery.send(signal.SIGCONT)
            await here.settled(20)
            assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        arrived = here.copies()
        twice = [token for token in taken if token in arrived]
        figures(
            f"SIGSTOP x {STOPS} past the lease of 60 s (another's clock is ahead), SQLite",
            "0 double sends",
            f"{len(taken)} deliveries taken over, {len(twice)} sent by both",
        )
    assert twice == [], "the other one sends these"
    assert len(arrived) == len(here.published) - len(taken)
    assert set(arrived.values()) == {1}


@pytest.mark.timeout(120 + 40 * STOPS)
async def test_a_worker_that_sleeps_past_its_lease_sends_nothing_that_another_has_sent(
    tmp_path: Path, postgres: PostgresServer, figures: Figures
) -> None:
    """Stopped for longer than its leases and its seat last; then it wakes.

    That is where its request may leave or not, or wherever it is: amid a transaction, whose locks others wait for.
    """
    database = postgres.new_database()
    async with world(database, tmp_path, seed=9, chats=8, channels=8) as here, AsyncExitStack() as stack:
        fleet = [
            await stack.enter_async_context(Nursery(tmp_path / f"{name}.log", command="worker", limits=QUICKER))
            for name in ("sleeper", "other")
        ]
        sleeper, other = fleet
        stops = STOPS if KILLS else 3
        for number in range(stops):
            where = ("stop:claimed", "stop:begun", "")[number % 3]
            here.publish(6)
            here.begin_run()
            await sleeper.start(here.environment(BACKSTORY_CRASH_AT=where))
            if not where:
                await asyncio.sleep(here.random.uniform(0.2, 2.0))
                sleeper.send(signal.SIGSTOP)
            await sleeper.stopped()
            await other.start(here.environment())
            await here.settled(60)  # the other one has taken over, and told everything
            sleeper.send(signal.SIGCONT)
            await asyncio.sleep(0.5)
            for one in (sleeper, other):
                assert await one.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
        figures(
            f"SIGSTOP x {stops} past the lease, fleet (leases of 6 s for 60)",
            "0 double sends",
            f"{found.published} entries: {found.marked_repeats} arrived twice, {len(found.lost)} lost",
        )
        assert (found.lost, found.unknown, found.faults, found.marked_repeats) == ([], [], [], 0)
        assert {one.platform for one in here.arrivals()} == {Platform.TELEGRAM, Platform.SLACK}


async def test_a_second_bot_on_the_same_file_says_so_and_ends(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=5, chats=2) as here, Nursery(tmp_path / "bot.log") as nursery:
        await nursery.start(here.environment())
        await until(lambda: bool(here.api.calls))
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=ROOT,
            env={**clean_environment(), **here.environment()},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == 1
        assert "Another Backstory is running on" in said.decode()
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
