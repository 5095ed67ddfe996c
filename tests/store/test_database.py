"""The database beneath the store: opening, migrating, and what is said when that fails."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, text

from bot.errors import SettingsError
from bot.model import Action, DeliveryState, IngestPlan, NewNotice, NoticeKind, Platform
from bot.store import driver, migrate, migrations, schema
from bot.store.database import POOL_CONNECTIONS, Database, parse_url
from bot.store.port import Outcome
from bot.store.sql import open_store
from tests.store.stock import Stock, at, message, new_entry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


# ------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("given", "completed"),
    [
        pytest.param("sqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db", id="sqlite"),
        pytest.param("sqlite+aiosqlite:////x.db", "sqlite+aiosqlite:////x.db", id="sqlite with its driver"),
        pytest.param("sqlite://", "sqlite+aiosqlite://", id="in memory"),
        pytest.param("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d", id="postgres"),
        pytest.param("postgresql://u:p@h:1/d?a=b", "postgresql+psycopg://u:p@h:1/d?a=b", id="postgresql"),
        pytest.param("postgresql+psycopg://h/d", "postgresql+psycopg://h/d", id="postgresql with its driver"),
    ],
)
def test_addresses_are_completed_with_the_driver(given: str, completed: str) -> None:
    assert parse_url(given).render_as_string(hide_password=False) == completed


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param("data/x.db", "not one", id="a bare path"),
        pytest.param("", "not one", id="empty"),
        pytest.param("sqlite://data/x.db", "sqlite:///path", id="a stroke too few"),
        pytest.param("postgresql://u:secret@h:port/d", "not one", id="a port that is no number"),
        pytest.param("postgresql://u:my@secret:word/d", "as %2F", id="a password that is not escaped"),
        pytest.param("mysql://u:secret@h/d", "not supported", id="another database"),
        pytest.param("postgresql+asyncpg://u:secret@h/d", "not supported", id="another driver"),
    ],
)
def test_other_addresses_are_refused_without_telling_the_password(given: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        parse_url(given)
    assert "secret" not in str(refused.value)


# ------------------------------------------------------------ opening


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/deep/er/x.db")
    await store.close()
    await store.close()
    assert (tmp_path / "deep" / "er" / "x.db").exists()


async def test_two_stores_in_memory_share_nothing() -> None:
    one, other = await open_store("sqlite://"), await open_store("sqlite+aiosqlite:///:memory:")
    await Stock(one).chat()
    assert (await one.status()).chats == 1
    assert (await other.status()).chats == 0
    await one.close()
    await other.close()


async def test_an_sqlite_file_is_opened_for_speed_and_safety(tmp_path: Path) -> None:
    database = Database(parse_url(f"sqlite:///{tmp_path}/x.db"))
    async with database.read() as conn:
        found = {
            name: (await conn.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await database.close()
    assert found == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}


async def test_a_power_cut_takes_back_nothing_that_is_noted_before_a_request(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/x.db")
    stock = Stock(store)
    chat = await stock.chat()
    await stock.told(chat)
    (claimed,) = await stock.claim(0)
    await store.put_notices(chat.id, [NewNotice(NoticeKind.QUIET, "1", {"topic": "Fish"})], now=at(0))
    (notice,) = await store.claim_notices(now=at(0), lease_s=60, limit=1, platforms=[Platform.TELEGRAM])
    commits: list[tuple[str, int | None]] = []
    written = ""

    def note(conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        nonlocal written
        if statement.startswith("UPDATE"):
            written = statement.split()[1]
        elif statement == "COMMIT":
            with closing(conn.connection.cursor()) as asked:
                asked.execute("PRAGMA synchronous")
                (level,) = asked.fetchone() or (None,)
                commits.append((written, level))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert await store.begin_delivery(claimed.delivery, now=at(0), lease_s=60)
        assert await store.finish_delivery(claimed.delivery, Outcome(DeliveryState.SENT, ref=message(1), at=at(0)))
        assert await store.begin_notice(notice.notice, now=at(0), lease_s=60)
        assert await store.finish_notice(notice.notice, Outcome(DeliveryState.SENT, at=at(0)))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        await store.close()
    # 2 has the log on the disk before the commit returns, 1 leaves that to later (sqlite.org/pragma.html).
    assert commits == [("deliveries", 2), ("deliveries", 1), ("notices", 2), ("notices", 1)]


async def refusal(url: str) -> str:
    """What is said when a store cannot be opened."""
    with pytest.raises(SettingsError) as refused:
        await open_store(url)
    return str(refused.value)


async def test_a_file_that_is_no_database_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are my notes, not a database. " * 100)
    assert "not an SQLite database" in await refusal(f"sqlite:///{path}")


async def test_nobody_else_may_read_a_new_file_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    old.touch(mode=0o640)
    for path, mode in ((new, 0o600), (old, 0o640)):
        store = await open_store(f"sqlite:///{path}")
        found = rights(path)
        await store.close()
        assert len(found) > 1
        assert set(found) == {mode}


def rights(path: Path) -> list[int]:
    """Those of a database and of the files beside it."""
    return [stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob(f"{path.name}*")]


async def test_a_folder_in_the_place_of_the_file_is_said_so(tmp_path: Path) -> None:
    assert "cannot be opened" in await refusal(f"sqlite:///{tmp_path}")


async def test_a_log_that_cannot_be_made_beside_the_file_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    await (await open_store(f"sqlite:///{path}")).close()
    (tmp_path / "x.db-wal").mkdir()
    assert "check the permissions of its folder" in await refusal(f"sqlite:///{path}")


async def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made" in await refusal(f"sqlite:///{tmp_path}/file/x.db")


async def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE chats (mine TEXT)")
    connection.close()
    assert "a database of its own" in await refusal(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert names == [("chats",)]


async def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    told = await refusal(f"postgresql://bot:secret@/x?host={tmp_path}")
    assert "cannot be reached" in told
    assert "secret" not in told


async def test_a_database_that_the_server_does_not_have_is_said_so(postgres: PostgresServer) -> None:
    url = postgres.new_database().replace("/test_", "/nothing_")
    assert "create it first" in await refusal(url)


async def test_a_newer_database_is_left_alone(empty_url: str) -> None:
    await (await open_store(empty_url)).close()
    database = Database(parse_url(empty_url))
    async with database.write() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    assert "newer version of this program" in await refusal(empty_url)


async def test_a_batch_that_is_cancelled_at_any_step_leaves_no_broken_connection(empty_url: str) -> None:
    """The driver sends a batch as a pipeline; what is cancelled within one must not be used again."""
    database = Database(parse_url(empty_url))
    rows = [{"name": f"n{number}", "value": number} for number in range(400)]

    async def write() -> None:
        async with database.write() as conn:
            await conn.execute(schema.counters.delete())
            await conn.execute(schema.counters.insert(), rows)

    async with database.write() as conn:
        await conn.run_sync(migrate.create)
    for step in range(50):
        task = asyncio.create_task(write())
        await asyncio.sleep(step * 0.0005)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() or task.exception() is None
        async with database.read() as conn:
            assert len((await conn.execute(schema.counters.select())).all()) in (0, 400)
    await database.close()


# ------------------------------------------------------------ migrations


def _tables(conn: Connection) -> list[str]:
    return sorted(name for name in inspect(conn).get_table_names() if not name.startswith("entry_search_"))


def _differences(conn: Connection) -> list[object]:
    def ours(name: str | None, kind: str, parents: object) -> bool:
        del parents
        return not (kind == "table" and name is not None and name.startswith(("entry_search", "alembic_version")))

    context = MigrationContext.configure(conn, opts={"include_name": ours, "compare_type": True})
    return list(compare_metadata(context, schema.metadata))


def test_the_revisions_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    known = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(known)) == migrations.REVISIONS
    assert script.get_current_head() == migrations.HEAD


@pytest.mark.parametrize("how", [migrate.create, migrate.upgrade], ids=["at once", "by revisions"])
async def test_both_ways_to_the_schema_end_at_the_same(empty_url: str, how: object) -> None:
    assert callable(how)
    database = Database(parse_url(empty_url))
    async with database.write() as conn:
        await conn.run_sync(how)
    async with database.read() as conn:
        assert await conn.run_sync(_differences) == []
        tables = await conn.run_sync(_tables)
        assert set(tables) >= {"chats", "deliveries", "entry_search", "alembic_version"}
        numbers = {row.name: row.value for row in await conn.execute(schema.sequences.select())}
        assert numbers == schema.FIRST_NUMBERS
        revision = (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        assert revision == migrations.HEAD
    await database.close()

    stock = Stock(await open_store(empty_url))
    feed = await stock.feed()
    await stock.apply(IngestPlan(entries=(new_entry(1, "朝鲜", feed_id=feed.id),)))
    async with stock.store.ingest() as unit:
        assert (await unit.statistics(["朝鲜"])).frequency == {"朝鲜": 1}
    await stock.store.close()


def _parts_in_order(sql: str) -> str:
    """A definition with its parts sorted: the order of a table's constraints means nothing."""
    head, _, body = " ".join(sql.replace('"', "").split()).partition("(")
    return head + "; ".join(sorted(part.strip(" )") for part in re.split(r",(?![^(]*\))", body)))


def _definitions(conn: Connection) -> set[tuple[str, str]]:
    """What the database holds, as it would be written: tables, columns, indexes and their conditions."""
    if conn.dialect.name == "sqlite":
        rows = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {(row.name, _parts_in_order(row.sql)) for row in rows}
    rows = conn.execute(
        text(
            "SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = 'public'"
            " UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
            " UNION SELECT table_name || '.' || column_name, data_type || is_nullable || is_identity"
            " || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'"
        )
    )
    return {(row.name, row.sql) for row in rows}


async def test_both_ways_write_the_same_definitions(tmp_path: Path, postgres: PostgresServer) -> None:
    for kind in ("sqlite", "postgresql"):
        found = []
        for how in (migrate.create, migrate.upgrade):
            name = how.__name__
            url = f"sqlite:///{tmp_path}/{name}.db" if kind == "sqlite" else postgres.new_database()
            database = Database(parse_url(url))
            async with database.write() as conn:
                await conn.run_sync(how)
            async with database.read() as conn:
                definitions = await conn.run_sync(_definitions)
            found.append({one for one in definitions if not one[0].startswith("alembic_version")})
            await database.close()
        assert found[0] == found[1]


async def test_two_processes_may_start_at_once(empty_url: str) -> None:
    stores = await asyncio.gather(*(open_store(empty_url) for _ in range(4)))
    await asyncio.gather(*(Stock(store).chat(str(number)) for number, store in enumerate(stores)))
    assert [(await store.status()).chats for store in stores] == [4, 4, 4, 4]
    for store in stores:
        await store.close()


def test_a_start_does_not_import_alembic(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from bot.store.sql import open_store\n"
        "async def main():\n"
        f"    for _ in range(2): await (await open_store('sqlite:///{tmp_path}/x.db')).close()\n"
        "asyncio.run(main())\n"
        "sys.exit('alembic' in sys.modules or 'psycopg' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603 - our own program


# ------------------------------------------------------------ another process


async def test_what_a_killed_process_had_committed_is_there_and_nothing_else(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    program = (
        "import asyncio, os, signal\n"
        "from bot.model import IngestPlan\n"
        "from bot.store.sql import open_store\n"
        "from tests.store.stock import Stock, new_entry\n"
        "async def main():\n"
        f"    stock = Stock(await open_store('{url}'))\n"
        "    await stock.feed()\n"
        "    await stock.apply(IngestPlan(entries=(new_entry(1, 'kim'),)))\n"
        "    async with stock.store.ingest() as unit:\n"
        "        await unit.apply(IngestPlan(entries=(new_entry(2, 'kim'),)))\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False)  # noqa: ASYNC221, S603 - nothing else runs here
    assert ended.returncode == -9
    stock = Stock(await open_store(url))
    assert (await stock.status()).entries == 1
    assert await stock.store.entry(2) is None
    async with stock.store.ingest() as unit:
        assert (await unit.statistics(["kim"])).frequency == {"kim": 1}
        assert (await unit.next_ids()).entry == 2
    await stock.told(await stock.chat(), action=Action.ALERT)
    await stock.store.close()


# ------------------------------------------------------------ a rush


async def test_a_rush_of_readers_opens_few_connections_and_each_of_them_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Mock(wraps=driver.connection)
    monkeypatch.setattr(driver, "connection", opened)
    database = Database(parse_url(f"sqlite:///{tmp_path}/rush.db"))

    async def ask() -> None:
        async with database.read() as conn:
            await conn.execute(text("SELECT 1"))
            await asyncio.sleep(0.001)

    for _ in range(5):
        await asyncio.gather(*(ask() for _ in range(50)))
    await database.close()
    assert opened.call_count == POOL_CONNECTIONS
