"""The right to be the one process that speaks and listens with a bot's token, as a lock on PostgreSQL.

In a file of its own, since it needs PostgreSQL's driver, which a start on SQLite must not import.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Final

import psycopg

from bot import limits
from bot.store.database import parse_url

_SEATS: Final = 0x7365
"""The first half of the advisory locks' keys that are seats; the ingest lock is of the other, single-key kind."""


class Seat:
    """The right to be the only one to use a token: an advisory lock on a PostgreSQL connection of its own.

    PostgreSQL gives it to another as soon as the connection ends, however that comes: the process dies, the network
    goes, or the holder has not been heard of for ``limits.SEAT_IDLE_S`` (it is stopped, or its machine sleeps).
    """

    def __init__(self, url: str, token: str) -> None:
        self._address = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._key = int.from_bytes(hashlib.sha256(token.encode()).digest()[:4], signed=True)
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def take(self) -> bool:
        """Try to take the seat, once; False if it is another's or the database does not answer."""
        if self._connection is None:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._address, autocommit=True, connect_timeout=int(limits.SEAT_IDLE_S)
                )
                await connection.execute(f"SET idle_session_timeout = '{limits.SEAT_IDLE_S:.0f}s'".encode())
            except psycopg.Error:
                return False
            self._connection = connection
        try:
            taken = await self._connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SEATS, self._key))
            row = await taken.fetchone()
        except psycopg.Error:
            await self.leave()
            return False
        return row is not None and bool(row[0])

    async def is_ours(self) -> bool:
        """Whether a seat that was taken still is: asks, and by that keeps it."""
        if self._connection is None:
            return False
        try:
            await self._connection.execute("SELECT 1")
        except psycopg.Error:
            await self.leave()
            return False
        return True

    async def leave(self) -> None:
        """Give the seat up; safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()
