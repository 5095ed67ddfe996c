"""Backup, restore, status and doctor beside a bot that runs, as a person types them."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.model import IngestPlan
from bot.store.sql import open_store
from tests.store.stock import Stock, new_entry
from tests.test_cli import backstory, environment

if TYPE_CHECKING:
    from pathlib import Path


async def fill(path: Path, count: int) -> None:
    stock = Stock(await open_store(f"sqlite:///{path}"))
    feed = await stock.feed()
    for number in range(1, count + 1):
        await stock.apply(IngestPlan(entries=(new_entry(number, "kim", feed_id=feed.id),)))
    await stock.store.close()


@pytest.mark.timeout(100)
def test_a_bot_that_runs_is_backed_up_and_cannot_be_restored_over(tmp_path: Path) -> None:
    database = tmp_path / "data" / "backstory.db"
    asyncio.run(fill(database, 5))
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            assert "Backstory" in process.stdout.readline()
            while not database.with_name("backstory.db.lock").exists():
                pass
            backup = backstory("backup", "copy.db", folder=tmp_path)
            assert (backup.returncode, backup.stderr) == (0, "")
            assert "copy.db" in backup.stdout
            assert "checked" in backup.stdout
            refused = backstory("restore", "copy.db", folder=tmp_path)
            assert refused.returncode == 1
            assert "Another Backstory is running" in refused.stderr
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        finally:
            process.kill()
    restored = backstory("restore", "copy.db", folder=tmp_path)
    assert (restored.returncode, "is restored" in restored.stdout) == (0, True), restored.stderr
    assert (database.parent / "backstory.db.before-restore").exists()
    status = backstory("status", folder=tmp_path)
    assert "Archive: 5 entries" in status.stdout
    assert "Over the last day: no alert was sent" in status.stdout


def test_doctor_finds_what_does_not_add_up(tmp_path: Path) -> None:
    database = tmp_path / "data" / "backstory.db"
    asyncio.run(harm(database))
    found = backstory("doctor", folder=tmp_path)
    assert found.returncode == 1
    assert "FAULT  database: 2 entries, but 7 entries in the running count" in found.stdout
    assert "backstory restore FILE" in found.stdout


async def harm(path: Path) -> None:
    import aiosqlite  # noqa: PLC0415 - here alone

    await fill(path, 2)
    async with aiosqlite.connect(path) as connection:
        await connection.execute("UPDATE sequences SET value = 7 WHERE name = 'entries'")
        await connection.commit()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_cannot_be_done_is_said_without_a_traceback(command: str, tmp_path: Path) -> None:
    found = backstory(command, "nothing.db", folder=tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("backstory: ")
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    "command", [("status",), ("outbox",), ("outbox", "--replay", "all"), ("run",), ("import", "past.txt")], ids=" ".join
)
def test_a_database_that_fails_on_the_way_is_said_without_a_traceback(command: tuple[str, ...], tmp_path: Path) -> None:
    """Damage in a table shows only when the table is read: until then the file opens as ever."""
    database = tmp_path / "data" / "backstory.db"
    (tmp_path / "past.txt").write_text("Kim visits Moscow\n\nIt was said on Monday.\n")
    asyncio.run(fill(database, 2))
    damage(database, "counters", "deliveries", "feeds")
    found = backstory(*command, folder=tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("backstory: The database file is damaged: restore a backup")
    assert "Traceback" not in found.stderr


def damage(path: Path, *tables: str) -> None:
    """Put zeros where these tables begin."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    with path.open("r+b") as file:
        for table in tables:
            file.seek((roots[table] - 1) * size)
            file.write(bytes(size))
