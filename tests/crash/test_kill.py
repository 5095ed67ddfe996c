"""SIGKILL, by the dozen: nothing is lost, and what is repeated is marked and little.

``KILLS`` says how many; `make crash` asks for 500 on each database.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from bot.crashpoints import PLACES
from tests.crash.world import Nursery, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.world import Tally, World

KILLS = int(os.environ.get("KILLS", "20"))
SEED = int(os.environ.get("SEED", "1"))


async def kill_often(here: World, nursery: Nursery, kills: int) -> list[float]:
    """Publish, start, kill, again and again; returns the seconds from each start to the first message."""
    recovered = []
    for number in range(kills):
        here.publish(here.random.randint(2, 8))
        here.begin_run()
        before, started = len(here.api.sent), time.monotonic()
        at_a_place = number % 2
        where = f"{here.random.choice(PLACES)}:{here.random.randint(1, 4)}" if at_a_place else ""
        await nursery.start(here.environment(BACKSTORY_CRASH_AT=where))
        patience_s = 3.0 if at_a_place else here.random.uniform(0.1, 1.2)
        ended = await nursery.end(signal.SIGKILL, within_s=patience_s)
        assert ended == -signal.SIGKILL
        arrived_at = [at for method, _, at in here.api.calls if method == "sendMessage" and at > started]
        if len(here.api.sent) > before and arrived_at:
            recovered.append(arrived_at[0] - started)
    return recovered


def report(what: str, found: Tally, recovered: list[float]) -> None:
    """The figures, for whoever runs this with -s."""
    seconds = sorted(recovered)
    sys.stderr.write(
        f"\n{what}: {found.published} entries, {found.arrived} arrived, {len(found.lost)} lost, "
        f"{found.marked_repeats} repeats (all marked), {len(found.unknown)} unknown; first message after a start: "
        f"median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s\n"
    )


async def killed(database: str, folder: Path, kills: int, *, settle_s: float) -> None:
    async with world(database, folder, seed=SEED) as here, Nursery(folder / "bot.log") as nursery:
        began = time.monotonic()
        recovered = await kill_often(here, nursery, kills)
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(settle_s)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
    report(f"{kills} kills in {time.monotonic() - began:.0f} s", found, recovered)
    assert found.faults == []
    assert found.lost == []


async def test_nothing_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    await killed(f"sqlite:///{tmp_path}/backstory.db", tmp_path, KILLS, settle_s=60)
