"""Connections and transactions on SQLite and PostgreSQL. Must not know any table.

On SQLite the driver runs in autocommit and transactions are begun here: ``BEGIN IMMEDIATE``, so that a writer waits
for the file's lock before it reads, and a lock of this process, so that its writers queue in order instead of polling
the file. On PostgreSQL row locks and unique constraints do that work, and ingesters take one advisory lock. There a
transaction whose process has gone silent (it is stopped, or its machine sleeps) is ended, and others have its locks:
see ``bot.store.silence``.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
import uuid
from collections import defaultdict
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import bindparam, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.util.concurrency import in_greenlet

from bot import crashpoints, limits
from bot.errors import SettingsError
from bot.seal import Seal
from bot.store import driver, silence
from bot.store.columns import use_seal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SQLITE_BUSY_TIMEOUT_S: Final = 30.0
POOL_CONNECTIONS: Final = 4
_WAL_TRIES: Final = 50
_WAL_WAIT_S: Final = 0.01
CHUNK_ROWS: Final = 500
"""How many values stand in one IN list: well below what either database takes."""

INGEST_LOCK: Final = 0x6261636B
"""The key of PostgreSQL's advisory lock that serialises ingesters."""

FEED_LOCKS: Final = 0x66656564
"""The kind of the locks that serialise those who take in one feed."""

T = TypeVar("T")

_NO_ADDRESS: Final = (
    "The database address is not one: write sqlite:///path/to/file.db or postgresql://user:password@host/name, and a"
    " password's own /, :, @, ? and % as %2F, %3A, %40, %3F and %25"
)
_MEMORY: Final = frozenset({None, "", ":memory:"})
_NO_SEAL: Final = Seal()
_QUICK: Final = "NORMAL"  # the log goes to the disk when it is full (sqlite.org/pragma.html#pragma_synchronous)
_LASTING: Final = "FULL"  # it does at each commit
_SURE: Final = "backstory_synchronous"


def parse_url(url: str) -> URL:
    """A database address with its async driver named: plain ``sqlite:`` and ``postgresql:`` are completed.

    Raises SettingsError where it is none, or names another kind of database.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(_NO_ADDRESS) from None  # where it breaks off may lie in its password
    if parsed.get_backend_name() == "sqlite" and parsed.host:
        raise SettingsError(_NO_ADDRESS)  # with two strokes the first folder of the path passes for a host
    match parsed.drivername:
        case "sqlite" | "sqlite+aiosqlite":
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            msg = f"Databases of kind {other!r} are not supported: use sqlite:///path/to/file.db or postgresql://..."
            raise SettingsError(msg)


def is_file(url: URL) -> bool:
    """Whether the database is a file on this machine."""
    return url.get_backend_name() == "sqlite" and url.database not in _MEMORY


def file_of(url: URL) -> Path:
    """Where that file is, whatever links lead to it: SQLite keeps its log beside the file, not beside a link."""
    return Path(os.path.realpath(url.database or ""))


class Database:
    """One engine. ``read`` gives a connection for queries, ``write`` one inside a transaction.

    ``seal`` closes and opens what must not stand in clear.
    """

    def __init__(self, url: URL, seal: Seal = _NO_SEAL) -> None:
        self.seal: Final = seal
        self._engine: AsyncEngine
        self._reader: AsyncEngine
        self._keeper: sqlite3.Connection | None = None
        self._writers = asyncio.Lock()
        # At most one transaction of this process waits for a lock: were it stopped, others would wait for each in turn.
        self._queues: defaultdict[int | None, AbstractAsyncContextManager[None]] = defaultdict(asyncio.Lock)
        self._queues[None] = nullcontext()
        self._writing: set[asyncio.Task[Any] | None] = set()
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        if not self.is_sqlite:
            self._engine = create_async_engine(
                url, pool_size=POOL_CONNECTIONS, max_overflow=POOL_CONNECTIONS, hide_parameters=True
            )
            event.listen(self._engine.sync_engine, "connect", _prepare_postgresql)
            # A query alone is its own transaction: to begin and end one around it would be two more round trips.
            self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            use_seal(self._engine.dialect, seal)
            return
        options: dict[str, Any] = {}
        if not is_file(url):
            # A named in-memory database lives as long as one connection does: this one, which nothing cancels.
            name = f"file:/backstory-{uuid.uuid4().hex}?vfs=memdb"
            self._keeper = sqlite3.connect(name, uri=True, check_same_thread=False)
            url = URL.create("sqlite+aiosqlite", database=name, query={"uri": "true"})
            options = {"poolclass": StaticPool}
        else:
            _prepare_file(Path(url.database or ""))
            # The one that was used last has its pages at hand. None is opened for a rush and closed after it: each is
            # a thread with megabytes of pages and statements, and leaves holes in the heap. Nobody holds two.
            options = {"pool_size": POOL_CONNECTIONS, "max_overflow": 0, "pool_use_lifo": True}
        self._engine = create_async_engine(
            url,
            hide_parameters=True,  # an error's words may come into a log
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,  # closing a reader must not roll back a writer on a shared connection
            pool_reset_on_return=None,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_S, "async_creator_fn": driver.connection},
            **options,
        )
        self._reader = self._engine
        use_seal(self._engine.dialect, seal)
        event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(self._engine.sync_engine, "close", _roll_back_before_close)

    async def close(self) -> None:
        """Let go of every connection; safe to call twice."""
        await self._engine.dispose()
        if self._keeper is not None:
            self._keeper.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries, each of which sees what was committed before it.

        On an in-memory database it also sees what a writer has not committed yet.
        """
        async with self._reader.connect() as conn:
            yield conn

    @asynccontextmanager
    async def write(
        self, *, lock: int | None = None, beside: Iterable[int] = (), lasting: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction: committed when the block ends well, else rolled back, also on cancellation.

        ``lock`` is the key of an advisory lock on PostgreSQL, ``beside`` those of some of a kind of their own, which
        are taken after it; on SQLite every writer excludes all others anyway. A task that is inside one already would
        wait for itself for ever: RuntimeError.

        No process that dies takes back what was committed. A power cut may, in an SQLite file, what came last: not what
        is ``lasting``, nor anything before that, for it is on the disk once the block has ended. PostgreSQL commits
        nothing else.
        """
        task = asyncio.current_task()
        if task in self._writing:
            msg = "this task has a transaction open: write through that one"
            raise RuntimeError(msg)
        self._writing.add(task)
        try:
            async with self._transaction(lock, beside, lasting=lasting) as conn:
                yield conn
        finally:
            self._writing.discard(task)

    @asynccontextmanager
    async def _transaction(
        self, lock: int | None, beside: Iterable[int], *, lasting: bool
    ) -> AsyncIterator[AsyncConnection]:
        if not self.is_sqlite:
            async with self._queues[lock], silence.watched(self._address), self._engine.begin() as conn:
                try:
                    if lock is not None:
                        await conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
                    # In order, so that two who take several never wait for one another.
                    for key in sorted({one % 2**31 for one in beside}):
                        lock_one = {"kind": FEED_LOCKS, "key": key}
                        await conn.execute(text("SELECT pg_advisory_xact_lock(:kind, :key)"), lock_one)
                    yield conn
                    crashpoints.reach("commit")
                except BaseException as error:
                    task = asyncio.current_task()
                    if task is None or not task.cancelling():
                        raise
                    # The driver may have been in the middle of a batch: its connection would go on expecting the rest,
                    # and the error may be the driver's own about just that.
                    await conn.invalidate()
                    raise asyncio.CancelledError from error
            return
        async with self._writers, self._engine.connect() as conn:
            await _be_as_sure(conn, _LASTING if lasting else _QUICK)
            await conn.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield conn
                crashpoints.reach("commit")
                await conn.exec_driver_sql("COMMIT")
            except BaseException:
                await _roll_back(conn)
                raise


async def _be_as_sure(conn: AsyncConnection, wanted: str) -> None:
    """Set how much of a commit is waited for, unless this connection is so already. Only outside a transaction."""
    if conn.info.get(_SURE, _QUICK) != wanted:
        await conn.exec_driver_sql(f"PRAGMA synchronous = {wanted}")
        conn.info[_SURE] = wanted


async def _roll_back(conn: AsyncConnection) -> None:
    """Roll back; a connection that cannot (its query was cancelled) is closed instead, which does the same."""
    if conn.closed or conn.invalidated:
        return
    try:
        await conn.exec_driver_sql("ROLLBACK")
    except Exception:  # noqa: BLE001 - whatever the driver says, the transaction must not live on in the pool
        await conn.invalidate()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection, wrapped by SQLAlchemy
    try:
        cursor = connection.cursor()
        # The order matters: a switch to WAL may have to wait for another process that uses the file.
        cursor.execute(f"PRAGMA busy_timeout = {int(SQLITE_BUSY_TIMEOUT_S * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {_QUICK}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # Debian's default: what is sealed or deleted is overwritten
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.execute("PRAGMA cache_size = -2000")  # 2 MB a connection: the rest lies in the system's cache
        cursor.close()
    except BaseException:
        # The pool does not know this connection yet, so nobody else would close it.
        connection.close()
        raise


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the same
    cursor = connection.cursor()
    # Compiling a query takes longer than running any of ours.
    cursor.execute("SET jit = off")
    # Every search of the index reads what is not sorted into it yet, once a term: up to 4 MB by default.
    cursor.execute("SET gin_pending_list_limit = '256kB'")
    cursor.execute(f"SET application_name = '{silence.NAME}'")
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{limits.TRANSACTION_IDLE_S:.0f}s'")
    cursor.close()
    connection.commit()


def _roll_back_before_close(connection: Any, _record: object) -> None:  # noqa: ANN401 - the same
    """End the transaction of a connection that is given up because its query was cancelled.

    Closing alone would not: SQLite keeps the connection, and its lock, until the last cursor on it is collected.
    """
    if in_greenlet():
        connection.rollback()


def _prepare_file(path: Path) -> None:
    """Make the folder and open the file once: a failure here is plain, one in the driver's thread is not."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The folder of the database, {path.parent}, cannot be made: name another one ({error.strerror})"
        raise SettingsError(msg) from error
    try:
        if not path.exists():
            # Without a key feeds' passwords stand in it in clear. The files beside it get the same rights.
            path.touch(mode=0o600)
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            _use_wal(connection)
    except (OSError, sqlite3.Error) as error:
        msg = f"The database file {path} cannot be opened: check that it is a file and may be written ({error})"
        raise SettingsError(msg) from error


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL for good. Of two that do so at once SQLite refuses one, which no busy timeout helps.

    What else is wrong shows, in words for it, when the file is used.
    """
    for _ in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                return
            time.sleep(_WAL_WAIT_S)
        except sqlite3.Error:
            return
        else:
            return


def insert(conn: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which both databases spell alike."""
    return insert_in(conn.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a kind of database, to be kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def upsert(conn: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace all other columns of those whose primary key is there already."""
    if not rows:
        return
    await conn.execute(_upsert(conn.dialect.name, table, tuple(rows[0])), rows)


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    """Built once: the columns of ``excluded`` cost more than the insert of a row."""
    statement = insert_in(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


async def add(conn: AsyncConnection, table: Table, changes: Mapping[str, int]) -> None:
    """Add to the named numbers of a table of ``name`` and ``value``."""
    rows = [{"name": name, "value": change} for name, change in sorted(changes.items()) if change]
    if rows:
        await conn.execute(_addition(conn.dialect.name, table), rows)


@cache
def _addition(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    statement = insert_in(dialect, table)
    total = table.c.value + statement.excluded.value
    return statement.on_conflict_do_update(index_elements=["name"], set_={"value": total})


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists that fit an IN list."""
    pending = list(values)
    for start in range(0, len(pending), CHUNK_ROWS):
        yield pending[start : start + CHUNK_ROWS]


async def select_in(conn: AsyncConnection, values: Iterable[T], query: Callable[[Any], Any]) -> list[Any]:
    """All rows of ``query``, which is given what to put into its IN, over the values, a chunk at a time."""
    rows: list[Any] = []
    for chunk in chunks(values):
        # The list itself in the query would be made a parameter of each of its values first.
        rows.extend(await conn.execute(query(bindparam("chunk", expanding=True)), {"chunk": chunk}))
    return rows
