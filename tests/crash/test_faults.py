"""What the bot lives through without help: a full disk, a locked file, a database server that is restarted.

``make crash`` makes each last or happen as often as is promised; here they are shorter.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.crash.world import Nursery, world
from tests.store.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tests.crash.world import World

KILLS = int(os.environ.get("KILLS", "0"))
RESTARTS = max(3, KILLS // 10)
LOCKED_S = 60.0 if KILLS else 2.0
FULL_S = 20.0 if KILLS else 3.0
WORKING_AGAIN_S = 30.0
LEASES_OUT_S = 150.0
"""A feed that is being polled as the server goes keeps its lease of two minutes: nobody else could be told."""

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
    assert found.arrived == found.published


async def next_arrival(here: World, arrived: int, timeout_s: float) -> float:
    """The seconds until more has arrived than that."""
    began = time.monotonic()
    async with asyncio.timeout(timeout_s):
        while len(here.api.sent) <= arrived:  # noqa: ASYNC110 - any condition
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
async def test_a_file_that_another_process_locks_is_waited_for(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/backstory.db"
    async with world(database, tmp_path, seed=6, chats=10) as here, Nursery(tmp_path / "bot.log") as nursery:
        here.publish(5)
        here.begin_run()
        await nursery.start(here.environment())
        await here.settled(30)
        before = len(here.api.sent)
        async with locked(f"{tmp_path}/backstory.db"):
            here.publish(10)
            await asyncio.sleep(LOCKED_S)
            assert len(here.api.sent) == before, "what cannot be written down is not sent"
        await next_arrival(here, before, WORKING_AGAIN_S)
        await settled_and_whole(here, nursery, 60)
        assert not any("↻" in sent.text for sent in here.api.sent)


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
async def test_a_full_disk_sends_nothing_unmarked_and_passes(tmp_path: Path) -> None:
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
            arrived = len(here.api.sent)
            filler.unlink()
            await next_arrival(here, arrived, WORKING_AGAIN_S)
            await settled_and_whole(here, nursery, 60)


def fill(file: Path) -> None:
    """Write until there is no room left."""
    with file.open("ab", buffering=0) as out:
        for size in (65_536, 4096, 512):
            try:
                while out.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


@pytest.mark.skipif(not KILLS, reason="leases of feeds make this long: make crash")
@pytest.mark.timeout(120 + LEASES_OUT_S * RESTARTS)
async def test_postgresql_may_be_restarted_at_any_time(tmp_path: Path) -> None:
    with running_postgres() as server:
        server.keep_commits()
        database = server.new_database()
        async with world(database, tmp_path, seed=8, chats=20) as here, Nursery(tmp_path / "bot.log") as nursery:
            await nursery.start(here.environment())
            slowest_s = 0.0
            for _ in range(RESTARTS):
                here.begin_run()
                here.publish(here.random.randint(3, 8))
                await asyncio.sleep(here.random.uniform(0.1, 1.5))
                await asyncio.to_thread(server.restart)
                arrived = len(here.api.sent)
                here.publish(2)
                slowest_s = max(slowest_s, await next_arrival(here, arrived, LEASES_OUT_S))
            await settled_and_whole(here, nursery, 90)
            repeats = sum("↻" in sent.text for sent in here.api.sent)
        sys.stderr.write(
            f"\n{RESTARTS} immediate restarts of PostgreSQL: {len(here.published)} entries, 0 lost, {repeats} marked "
            f"repeats; first message after a restart: slowest {slowest_s:.1f} s\n"
        )
