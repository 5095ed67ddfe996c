"""Time that goes wrong: clocks that are set while bots run, and platforms that ask to wait, again and again."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.crash.bots import Nursery
from tests.crash.clock import WrongClock
from tests.crash.world import MARK, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.conftest import Figures
    from tests.crash.world import World
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
HOUR_S = 3600
STEPS_S = (26 * HOUR_S, -26 * HOUR_S, -45, HOUR_S, -3 * HOUR_S, 300)[: None if KILLS else 3]
"""By how much the clock is set each time: forward over a day, back again, and smaller ones."""

STORM_S = 600.0 if KILLS else 6.0
ON_ITS_WAY_S = 0.2
"""How long an answer may take to be read and written down: a kill within it leaves a pause that nobody heard of."""


@pytest.fixture
def clock(tmp_path: Path) -> WrongClock:
    wrong = WrongClock(tmp_path)
    if not wrong.works():
        pytest.skip("a process's clock cannot be made wrong here: that takes Linux and a C compiler")
    return wrong


async def set_again_and_again(here: World, nursery: Nursery, clock: WrongClock) -> list[float]:
    """Set the clock in the middle of the work; the seconds until all that was published has come, each time."""
    wrong_s, took_s = 0, []
    for step_s in STEPS_S:
        here.begin_run()
        here.publish(8)
        await asyncio.sleep(here.random.uniform(0.2, 1.2))
        wrong_s += step_s
        clock.set(wrong_s)
        here.publish(8)
        began = time.monotonic()
        await here.settled(40)
        took_s.append(time.monotonic() - began)
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0
    return took_s


@pytest.mark.parametrize(
    ("command", "postgresql"),
    [
        pytest.param("run", False, id="sqlite"),
        pytest.param("worker", True, id="fleet", marks=pytest.mark.skipif(not KILLS, reason="make crash")),
    ],
)
@pytest.mark.timeout(400)
async def test_a_clock_that_is_set_loses_and_repeats_nothing(
    command: str,
    postgresql: bool,  # noqa: FBT001 - a parameter
    clock: WrongClock,
    tmp_path: Path,
    figures: Figures,
    request: pytest.FixtureRequest,
) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    if postgresql:
        server: PostgresServer = request.getfixturevalue("postgres")
        database = server.new_database()
    async with (
        world(database, tmp_path, seed=21, chats=10, channels=10) as here,
        Nursery(tmp_path / "bot.log", command=command, clock=clock) as nursery,
    ):
        await nursery.start(here.environment())
        took_s = await set_again_and_again(here, nursery, clock)
        found = await here.tally()
        figures(
            f"clock set {len(STEPS_S)} times while it runs, by 45 s to 26 h, forward and back ({command})",
            "0 lost, nothing repeated, working again at once",
            f"{found.published} entries: {len(found.lost)} lost, {found.marked_repeats} repeats, "
            f"{len(found.unknown)} in doubt; all told within {max(took_s):.1f} s of a step (slowest)",
        )
        assert (found.lost, found.unknown, found.marked_repeats, found.faults) == ([], [], 0, [])
        assert max(took_s) < 30


@pytest.mark.timeout(120)
async def test_a_clock_that_is_set_back_while_nobody_runs_holds_nothing_up(clock: WrongClock, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with (
        world(database, tmp_path, seed=22, chats=10) as here,
        Nursery(tmp_path / "bot.log", clock=clock) as nursery,
    ):
        clock.set(30 * HOUR_S)
        here.publish(10)
        here.begin_run()
        await nursery.start(here.environment(BACKSTORY_CRASH_AT="begun:3"))
        assert await nursery.ended() == -signal.SIGKILL
        clock.set(0)
        here.begin_run()
        here.publish(10)
        await nursery.start(here.environment())
        await here.settled(30)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
    assert (found.lost, found.unknown, found.faults) == ([], [], [])
    assert found.arrived >= 19


@pytest.mark.timeout(STORM_S + 180)
async def test_a_storm_of_429s_loses_nothing_and_nothing_comes_too_soon(tmp_path: Path, figures: Figures) -> None:
    """Every other message is refused for a while; one kill in the middle, so that not only memory holds the wait."""
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=23, chats=12) as here, Nursery(tmp_path / "bot.log") as nursery:
        here.begin_run()
        here.publish(2)
        await nursery.start(here.environment())
        async with asyncio.timeout(60):
            while not here.arrived:  # noqa: ASYNC110 - any condition; on a busy machine a start may outlast the storm
                await asyncio.sleep(0.05)
        here.api.storm_until = time.monotonic() + STORM_S
        killed = False
        while (left_s := here.api.storm_until - time.monotonic()) > 0:
            here.publish(6)
            if not killed and left_s < STORM_S / 2:
                killed = True
                nursery.send(signal.SIGKILL)
                killed_at = time.monotonic()
                assert await nursery.ended() == -signal.SIGKILL
                await asyncio.sleep(5 * here.api.latency_s)  # what had arrived by then is answered, to nobody
                here.api.forget_unheard(killed_at - ON_ITS_WAY_S)
                here.begin_run()
                await nursery.start(here.environment())
            await asyncio.sleep(min(3.0, STORM_S / 4))
        await here.settled(120)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
        figures(
            f"a storm of 429s for {STORM_S:.0f} s, with a kill in the middle",
            "0 lost, order kept, nothing before retry_after",
            f"{found.published} entries through {here.api.storms} refusals: {len(found.lost)} lost, "
            f"{len(here.api.too_soon)} too soon, {len(found.faults) - len(here.api.too_soon)} other faults",
        )
        assert here.api.storms > 5
        assert (found.lost, found.faults) == ([], [])
        assert sum(MARK in one.text for one in here.arrivals()) <= len(here.addresses)
