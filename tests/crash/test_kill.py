"""SIGKILL, by the dozen: nothing is lost, and what is repeated is marked and little.

``KILLS`` says how many; `make crash` asks for 500 on each database. Half of them strike at a named place.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.crashpoints import PLACES
from bot.limits import LEASE_S
from bot.store.sql import open_store
from tests.crash.world import Nursery, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.world import Tally, World
    from tests.store.postgres import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
SEED = int(os.environ.get("SEED", "1"))
SECONDS_A_KILL = 6  # with all that comes after; a kill takes little more than one


async def kill_often(here: World, nursery: Nursery, kills: int) -> list[float]:
    """Publish, start, kill, again and again; returns the seconds from each start to the first message.

    Where leases must run out before others may take over, they do so between two runs: no test has an hour to wait.
    """
    recovered = []
    for number in range(kills):
        here.publish(here.random.randint(2, 8))
        here.begin_run()
        started = time.monotonic()
        at_a_place = number % 2
        where = f"{here.random.choice(PLACES)}:{here.random.randint(1, 4)}" if at_a_place else ""
        await nursery.start(here.environment(BACKSTORY_CRASH_AT=where))
        patience_s = 3.0 if at_a_place else here.random.uniform(0.1, 1.2)
        assert await nursery.end(signal.SIGKILL, within_s=patience_s) == -signal.SIGKILL
        arrived_at = [at for method, _, at in here.api.calls if method == "sendMessage" and at > started]
        recovered += [at - started for at in arrived_at[:1]]
        if not here.database.startswith("sqlite"):
            await here.leases_run_out()
    return recovered


async def killed(database: str, folder: Path, kills: int, *, settle_s: float) -> None:
    async with world(database, folder, seed=SEED) as here, Nursery(folder / "bot.log") as nursery:
        began = time.monotonic()
        recovered = await kill_often(here, nursery, kills)
        await run_until_settled(here, nursery, settle_s)
        found = await here.tally()
        report(f"{kills} kills in {time.monotonic() - began:.0f} s", found, recovered)
        assert recovered, "no bot lived long enough to send anything: this would prove nothing"
        assert found.faults == []
        assert found.lost == []
        # What is in doubt was never given up for good: a person may have it sent again.
        store = await open_store(database)
        assert await store.replay_deliveries(None, now=datetime.now(UTC)) == len(found.unknown)
        await store.close()
        await run_until_settled(here, nursery, settle_s)
        assert here.all_arrived()


async def run_until_settled(here: World, nursery: Nursery, timeout_s: float) -> None:
    here.begin_run()
    await nursery.start(here.environment())
    await here.settled(timeout_s)
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0


def report(what: str, found: Tally, recovered: list[float]) -> None:
    """The figures, for whoever runs this with -s."""
    seconds = sorted(recovered) or [0.0]
    sys.stderr.write(
        f"\n{what}: {found.published} entries, {found.arrived} arrived, {len(found.lost)} lost, "
        f"{found.marked_repeats} repeats (all marked), {len(found.unknown)} unknown; first message after a start: "
        f"median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s\n"
    )


@pytest.mark.timeout(60 + SECONDS_A_KILL * (KILLS or 40))
async def test_nothing_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    await killed(f"sqlite:///{tmp_path}/backstory.db", tmp_path, KILLS or 40, settle_s=60)


@pytest.mark.skipif(not KILLS, reason="leases of dead workers make this long: make crash")
@pytest.mark.timeout(6 * LEASE_S + SECONDS_A_KILL * KILLS)
async def test_nothing_is_lost_on_postgresql_either(tmp_path: Path, postgres: PostgresServer) -> None:
    await killed(postgres.new_database(), tmp_path, KILLS, settle_s=4 * LEASE_S)  # no help at the end: leases run out
