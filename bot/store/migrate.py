"""Bring a database to this program's schema at start. Must not know what the tables are for.

Alembic takes a quarter of a second to import, so a start asks the database for its revision first: an up-to-date
one needs nothing, an empty one gets today's tables at once, and only an older one goes through the revisions. A test
holds the two ways against each other.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, ProgrammingError

from bot.errors import SettingsError
from bot.store import migrations, schema, search

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database

SCHEMA_LOCK: Final = 0x6261636C
"""The key of PostgreSQL's advisory lock under which one process at a time changes the schema."""

_log = logging.getLogger(__name__)


async def migrate(database: Database) -> None:
    """Make or update the tables; safe when several processes start at once. Raises SettingsError in plain words."""
    try:
        async with database.read() as conn:
            if await _revision(conn) == migrations.HEAD:
                return
        async with database.write(lock=SCHEMA_LOCK) as conn:
            # Asked again inside the lock: another process may have been faster.
            await _bring_up(conn, await _revision(conn))
    except (DBAPIError, OSError) as error:
        raise SettingsError(in_words(error)) from error


async def _bring_up(conn: AsyncConnection, revision: str | None) -> None:
    if revision == migrations.HEAD:
        return
    if revision is None:
        await conn.run_sync(create)
    elif revision in migrations.REVISIONS:
        _log.info("schema is updated from revision %s to %s", revision, migrations.HEAD)
        await conn.run_sync(upgrade)
    else:
        msg = (
            f"The database was made by a newer version of this program (schema {revision}, this one knows up to "
            f"{migrations.HEAD}): update the program, or name another database."
        )
        raise SettingsError(msg)


async def _revision(conn: AsyncConnection) -> str | None:
    """The schema's revision; None in a database without one."""
    exists = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name = 'alembic_version'",
        # Not to_regclass: inside a transaction that waited it may answer from before the wait.
        "postgresql": "SELECT oid FROM pg_class WHERE relname = 'alembic_version' AND pg_table_is_visible(oid)",
    }
    if (await conn.execute(text(exists[conn.dialect.name]))).scalar() is None:
        return None
    revision: str | None = (await conn.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return revision


def create(conn: Connection) -> None:
    """Make today's tables in an empty database, and say so in Alembic's own table."""
    schema.metadata.create_all(conn, checkfirst=False)
    for statement in search.DDL[conn.dialect.name]:
        conn.exec_driver_sql(statement)
    conn.execute(
        schema.sequences.insert(), [{"name": name, "value": value} for name, value in schema.FIRST_NUMBERS.items()]
    )
    conn.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    conn.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": migrations.HEAD})


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Run the revisions that the database lacks, in the transaction of the connection."""
    from alembic import command  # noqa: PLC0415 - slow to import and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, revision)


def in_words(error: Exception) -> str:
    """Why a database cannot be used and what to do, for a person; names no value that was to be written."""
    return _known(error) or f"The database cannot be used: check BACKSTORY_DATABASE_URL ({_reason(error)[0]})"


def fault_in_words(error: Exception) -> str | None:
    """Why a database that was opened fails us and what to do; None where that is not what went wrong."""
    of_the_database = isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
    refused = isinstance(error, ProgrammingError) and _REFUSED in str(error.orig)
    return _known(error) if of_the_database or refused else None


def _known(error: Exception) -> str | None:
    reason = _reason(error)
    lowered = " ".join(reason).lower()
    return next((f"{words} ({reason[0]})" for mark, words in _REASONS.items() if mark in lowered), None)


def _reason(error: Exception) -> list[str]:
    """What a driver says of it, by lines; at least one."""
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return said or [type(error).__name__]


_REFUSED: Final = "permission denied"
_REASONS: Final = {
    "readonly database": "The database file is not writable: check its permissions and those of its folder",
    "disk image is malformed": "The database file is damaged: restore a backup (backstory restore FILE)",
    "file is not a database": "The database file is not an SQLite database: name another one",
    "database is locked": "The database file is locked by another program: end that one first",
    "disk is full": "The disk that holds the database is full: make room",
    "disk i/o error": "The disk that holds the database is full, or fails: make room, or look into the system's log",
    "unable to open database file": "The database file cannot be opened: check the permissions of its folder",
    "already exists": "The database holds other tables already: give the bot a database of its own",
    "password authentication failed": "The PostgreSQL server refuses the user or the password",
    "no password supplied": "The PostgreSQL server asks for a password: put it into the database address",
    "does not exist": "The PostgreSQL server does not have this database or user: create it first",
    # Clients, or connections of a role.
    "too many c": "The PostgreSQL server takes no more connections: raise max_connections",
    _REFUSED: "The database refuses a right that the bot's user needs: grant it",
    "connection": "The PostgreSQL server cannot be reached: check the address and that it is running",
}
