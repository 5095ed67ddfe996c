"""A connection to SQLite that is visited in its thread once for each statement.

``aiosqlite`` goes there for the cursor, for the statement, for its rows and for the cursor's end, and each of these
visits costs more than most statements do. SQLAlchemy asks for all four, and wants every row at once anyway. Must not
know any table, nor begin or end a transaction.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_CHUNK_ROWS: Final = 64


def connection(database: str, **options: Any) -> Connection:  # noqa: ANN401 - sqlite3's own
    """A connection that opens when it is awaited. ``options`` are those of ``sqlite3.connect``."""
    made = Connection(partial(sqlite3.connect, database, **options), _CHUNK_ROWS)
    made._thread.daemon = True  # noqa: SLF001 - no process waits for it; SQLAlchemy's own way, since there is no other
    return made


class Connection(aiosqlite.Connection):
    """A connection whose cursors stay on this side."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a visit: SQLAlchemy asks no more of it than it has."""
        return Cursor(self)

    async def visit(self, method: str, sql: str, given: Iterable[Any]) -> Answer:
        """Run one statement, to its last row. Raises what sqlite3 raises."""
        answer: Answer = await self._execute(_run, getattr(self._conn, method), sql, given)  # type: ignore[no-untyped-call]
        return answer


class Answer(NamedTuple):
    """What a statement gave, in the words of PEP 249."""

    description: Any
    rowcount: int
    lastrowid: int | None
    rows: list[Any]


class Cursor:
    """What SQLAlchemy asks of a cursor; it holds the whole of the last answer."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answer = Answer(None, -1, None, [])

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:  # noqa: ANN401 - PEP 249's rows of seven
        """The columns of the rows; None where there are none."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that means nothing."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the last row that was inserted."""
        return self._answer.lastrowid

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Run one statement."""
        self._answer = await self._connection.visit("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> None:
        """Run one statement for each row of parameters."""
        self._answer = await self._connection.visit("executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        """Every row."""
        return self._answer.rows

    async def close(self) -> None:
        """Nothing is open: that was closed in the visit."""


def _run(method: Callable[..., sqlite3.Cursor], sql: str, given: Iterable[Any]) -> Answer:
    # Closed here, also where nobody waits any more: an open one would go on holding its lock.
    with closing(method(sql, given)) as cursor:
        rows = cursor.fetchall() if cursor.description is not None else []
        return Answer(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
