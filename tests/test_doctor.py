"""What doctor says of a database that is not sound; its other findings are tried in tests/test_cli_operations.py."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot import settings
from bot.doctor import Finding, examine
from bot.model import UNSAVED, Feed
from bot.store import migrations
from bot.store.sql import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgres import PostgresServer

PAGE_BYTES = 4096
NOW = datetime(2024, 6, 18, tzinfo=UTC)


async def examined(folder: Path, **more: str) -> list[Finding]:
    """What doctor says of the database in a folder."""
    return await examine(settings.load({"BACKSTORY_DATA_DIR": str(folder), **more}, folder=folder))


@pytest.mark.parametrize("damaged", [range(12, 14), range(2, 100, 3), range(1, 100)], ids=["two pages", "many", "most"])
async def test_a_damaged_database_is_a_finding(damaged: range, tmp_path: Path) -> None:
    database = tmp_path / "backstory.db"
    await (await open_store(f"sqlite+aiosqlite:///{database}")).close()
    raw = bytearray(database.read_bytes())
    for page in damaged:
        raw[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = b"\xff" * PAGE_BYTES
    database.write_bytes(raw)
    (fault,) = [one for one in await examined(tmp_path) if not one.well]
    assert fault.subject == "database"
    assert "malformed" in fault.words or "damaged" in fault.words
    assert "backstory restore FILE" in fault.as_text()


@pytest.mark.parametrize(
    ("done", "said"),
    [
        pytest.param(
            "UPDATE alembic_version SET version_num = '9999'",
            "newer version of this program (schema 9999, this one knows up to {head}): update the program",
            id="a newer schema",
        ),
        pytest.param(
            "DROP TABLE alembic_version",
            "holds other tables already: give the bot a database of its own",
            id="not ours",
        ),
    ],
)
async def test_a_database_that_cannot_be_used_has_one_remedy(done: str, said: str, tmp_path: Path) -> None:
    database = tmp_path / "backstory.db"
    await (await open_store(f"sqlite+aiosqlite:///{database}")).close()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(done)
    (fault,) = [one for one in await examined(tmp_path) if not one.well]
    assert said.format(head=migrations.HEAD) in fault.words
    assert (fault.subject, fault.remedy) == ("database", "")


async def test_a_right_that_is_missing_is_no_reason_to_restore_a_backup(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.new_database()
    await (await open_store(url)).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE newcomer LOGIN")
        connection.execute("GRANT SELECT ON alembic_version TO newcomer")
    theirs = url.replace("postgres@", "newcomer@")
    (fault,) = [one for one in await examined(tmp_path, BACKSTORY_DATABASE_URL=theirs) if not one.well]
    assert (fault.subject, fault.remedy) == ("database", "")
    assert fault.words.startswith("The database refuses a right that the bot's user needs: grant it (permission denied")


async def test_passwords_of_feeds_in_clear_and_behind_a_lost_key_are_findings(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'backstory.db'}")
    await store.add_feed(Feed(UNSAVED, "http://reader:open-sesame@127.0.0.1/feed", "Outlet", NOW, shared=True))
    await store.add_feed(Feed(UNSAVED, "http://127.0.0.1/feed", "Other", NOW, shared=True))
    await store.close()

    async def said(**more: str) -> list[str]:
        return [one.as_text() for one in await examined(tmp_path, **more) if one.subject.startswith("feed")]

    key = {"BACKSTORY_SECRET_KEY": "k" * 32}
    for more, remedy in (({}, "set BACKSTORY_SECRET_KEY"), (key, "start the bot: it seals them")):
        found, *_each = await said(**more)
        assert found.startswith("ok     feeds: 1 addresses or secrets may hold a password or a key")
        assert remedy in found
    store = await open_store(f"sqlite:///{tmp_path / 'backstory.db'}", secret_keys=["k" * 32])
    assert await store.seal_up() == 1
    await store.close()
    assert not any("addresses" in text for text in await said(**key))
    for more, which in (({}, "a"), ({"BACKSTORY_SECRET_KEY": "o" * 32}, "another")):
        found, *each = await said(**more)
        assert found.startswith(f"FAULT  feeds: 1 addresses or secrets are sealed with {which} BACKSTORY_SECRET_KEY")
        assert len(each) == 1  # what cannot be asked is no second fault
