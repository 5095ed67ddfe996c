"""Signals short of SIGKILL: a stop that drains, and a process that sleeps past its lease."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.crash.world import ROOT, Nursery, clean_environment, world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.world import World

STOPS = max(3, int(os.environ.get("KILLS", "0")) // 10)


async def until(condition: object, timeout_s: float = 20) -> None:
    async with asyncio.timeout(timeout_s):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.01)


async def test_sigterm_repeats_nothing(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=3) as here, Nursery(tmp_path / "bot.log") as nursery:
        for _ in range(8):
            here.publish(12)
            here.begin_run()
            await nursery.start(here.environment())
            took_s = await stopped(here, nursery)
            assert took_s < 5, "what waits its turn goes back to the outbox; only what is on its way is waited for"
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(30)
        assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        found = await here.tally()
    assert (found.lost, found.unknown, found.marked_repeats, found.faults) == ([], [], 0, [])
    assert not any("↻" in sent.text for sent in here.api.sent)


async def stopped(here: World, nursery: Nursery) -> float:
    """End the bot while it sends; returns how long that took."""
    before = len(here.api.sent)
    await until(lambda: len(here.api.sent) > before + here.random.randrange(4) or here.all_arrived())
    began = time.monotonic()
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0
    return time.monotonic() - began


@pytest.mark.timeout(60 + 10 * STOPS)
async def test_who_slept_past_the_lease_does_not_send_what_another_took(tmp_path: Path) -> None:
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
            os.kill(nursery.pid, signal.SIGCONT)
            await here.settled(20)
            assert await nursery.end(signal.SIGTERM, within_s=0) == 0
        arrived = here.copies()
    assert not any(token in arrived for token in taken), "the other one sends these"
    assert len(arrived) == len(here.published) - len(taken)
    assert set(arrived.values()) == {1}
    sys.stderr.write(f"\n{STOPS} stops past the lease, {len(taken)} deliveries taken over: 0 sent twice\n")


async def test_a_second_bot_on_the_same_file_says_so_and_ends(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=5, chats=2) as here, Nursery(tmp_path / "bot.log") as nursery:
        here.publish(2)
        await nursery.start(here.environment())
        await here.settled(20)
        second = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
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
