"""What the bot lives through without help: a full disk, a locked file, a database server that is restarted.

``make crash`` makes each last or happen as often as is promised; here they are shorter.
"""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.crash.bots import Nursery
from tests.crash.world import world
from tests.store.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.crash.conftest import Figures
    from tests.crash.world import World

KILLS = int(os.environ.get("KILLS", "0"))
RESTARTS = KILLS // 10 or 1
LOCKED_S = 60.0 if KILLS else 2.0
FULL_S = 20.0 if KILLS else 2.0
WORKING_AGAIN_S = 30.0

DISK_BYTES = 4 * 1024 * 1024
_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


async def settled_and_whole(here: World, nursery: Nursery, timeout_s: float) -> None:
    """Everything arrives, once and unmarked, and the bot has been the same process all along."""
    await here.settled(timeout_s)
    assert await nursery.end(signal.SIGTERM, within_s=0) == 0
    found = await here.tally()
    assert (found.lost, found.unknown, found.faults) == ([], [], [])


async def next_arrival(here: World, arrived: int, timeout_s: float) -> float:
    """The seconds until more has arrived than that."""
    began = time.monotonic()
    async with asyncio.timeout(timeout_s):
        while here.arrived <= arrived:  # noqa: ASYNC110 - any condition
            await asyncio.sleep(0.02)
    return time.monotonic() - began


@asynccontextmanager
async def locked(file: str) -> AsyncIterator[None]:
    """Another process holds the file's write lock."""
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", _LOCK, file, stdin=pipe, stdout=pipe)
    assert holder.stdout is not None
    try:
        assert await holder.stdout.readline() == b"locked\n"
        yield
    finally:
        await holder.communicate(b"")  # closes its input, and so ends it


@pytest.mark.timeout(90 + 2 * LOCKED_S)
async def test_a_file_that_another_process_locks_is_waited_for(tmp_path: Path, figures: Figures) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with (
        world(database, tmp_path, seed=6, chats=10, channels=10) as here,
        Nursery(tmp_path / "bot.log") as nursery,
    ):
        here.publish(5)
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(30)
        before = here.arrived
        async with locked(f"{tmp_path}/backstory.db"):
            here.publish(10)
            await asyncio.sleep(LOCKED_S)
            assert here.arrived == before, "what cannot be written down is not sent"
        again_s = await next_arrival(here, before, WORKING_AGAIN_S)
        await settled_and_whole(here, nursery, 60)
        marked = sum("↻" in one.text for one in here.arrivals())
        figures(
            f"SQLite locked by another process for {LOCKED_S:.0f} s",
            "nothing sent without a mark; recovers unaided",
            f"0 sent meanwhile, {marked} marked, working again after {again_s:.1f} s",
        )
        assert not marked


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of few megabytes; skips where this user may not mount one."""
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if not (mount and umount) or subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - no input of anybody's
        pytest.skip("a small file system cannot be mounted here: that takes root")
    try:
        yield folder
    finally:
        subprocess.run([str(umount), "-l", str(folder)], check=True)  # noqa: S603 - the same


@pytest.mark.timeout(120 + FULL_S)
async def test_a_full_disk_sends_nothing_unmarked_and_passes(tmp_path: Path, figures: Figures) -> None:
    with small_disk(tmp_path / "disk") as disk:
        database = f"sqlite:///{disk}/backstory.db"
        async with world(database, tmp_path, seed=7, chats=10) as here, Nursery(tmp_path / "bot.log") as nursery:
            here.publish(5)
            here.begin_run()
            await nursery.start(here.environment())
            await here.settled(30)
            filler = disk / "filler"
            fill(filler)
            here.publish(20)
            await asyncio.sleep(FULL_S)
            fill(filler)  # whatever was freed meanwhile
            here.publish(5)
            await asyncio.sleep(1)
            assert "disk is full" in (tmp_path / "bot.log").read_text(), "or this would prove nothing"
            assert not here.all_arrived()
            arrived = here.arrived
            filler.unlink()
            again_s = await next_arrival(here, arrived, WORKING_AGAIN_S)
            await settled_and_whole(here, nursery, 60)
            figures(
                f"disk full for {FULL_S:.0f} s (a file system of 4 MiB)",
                "nothing sent without a mark; recovers unaided",
                f"0 lost, 0 unmarked repeats, working again after {again_s:.1f} s",
            )


def fill(file: Path) -> None:
    """Write until there is no room left."""
    with file.open("ab", buffering=0) as out:
        for size in (65_536, 4096, 512):
            try:
                while out.write(b"\0" * size) == size:
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="a running process's limits can be set on Linux alone")
@pytest.mark.timeout(120 + FULL_S)
async def test_a_quota_on_the_database_file_sends_nothing_unmarked_and_passes(tmp_path: Path, figures: Figures) -> None:
    """The system refuses every write beyond what the files hold: what a quota does, and needs no root."""
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=8, chats=10) as here, Nursery(tmp_path / "bot.log") as nursery:
        here.publish(5)
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(30)
        resource.prlimit(nursery.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        before = here.arrived
        here.publish(20)
        await asyncio.sleep(FULL_S)
        assert here.arrived == before, "what cannot be written down is not sent"
        resource.prlimit(nursery.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        again_s = await next_arrival(here, before, WORKING_AGAIN_S)
        await settled_and_whole(here, nursery, 60)
        figures(
            f"no room for the database file for {FULL_S:.0f} s (RLIMIT_FSIZE)",
            "nothing sent without a mark; recovers unaided",
            f"0 lost, 0 sent meanwhile, working again after {again_s:.1f} s",
        )


@pytest.mark.timeout(120 + 2 * WORKING_AGAIN_S * RESTARTS)
async def test_postgresql_may_be_restarted_at_any_time(tmp_path: Path, figures: Figures) -> None:
    with running_postgres() as server:
        server.keep_commits()
        database = server.new_database()
        async with (
            world(database, tmp_path, seed=8, chats=10, channels=10) as here,
            Nursery(tmp_path / "bot.log") as nursery,
        ):
            await nursery.start(here.environment())
            here.publish(2)
            await next_arrival(here, 0, WORKING_AGAIN_S)  # a bot that cannot reach its database at its start ends
            took_s = []
            for _ in range(RESTARTS):
                here.begin_run()
                here.publish(here.random.randint(3, 8))
                await asyncio.sleep(here.random.uniform(0.1, 1.5))
                await asyncio.to_thread(server.restart)
                arrived = here.arrived
                here.publish(2)
                took_s.append(await next_arrival(here, arrived, 3 * WORKING_AGAIN_S))
            await here.settled(90)
            assert await nursery.end(signal.SIGTERM, within_s=0) == 0
            found = await here.tally()
        took_s.sort()
        figures(
            f"immediate restart of PostgreSQL x {RESTARTS}",
            "0 lost, working again in 30 s",
            f"{found.published} entries: {len(found.lost)} lost, {found.marked_repeats} marked repeats, "
            f"{len(found.unknown)} in doubt; next message after {took_s[len(took_s) // 2]:.1f} s (median), "
            f"{took_s[-1]:.1f} s (slowest)",
        )
        assert (found.lost, found.faults) == ([], [])
        assert took_s[-1] <= WORKING_AGAIN_S
