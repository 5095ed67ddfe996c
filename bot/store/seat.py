"""The right to be the one process that speaks and listens with a bot's token, as a lock on PostgreSQL.

In a file of its own, since it needs PostgreSQL's driver, which a start on SQLite must not import.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

import psycopg

from bot import limits
from bot.store.database import parse_url
from bot.store.migrate import in_words

_log: Final = logging.getLogger(__name__)

_SEATS: Final = 0x7365
"""The first half of the advisory locks' keys that are seats; the ingest lock is of the other, single-key kind."""

_REACHED_AT: Final = "backstory at "
"""What a connection is named by that belongs to a worker which others reach."""
_HOST_CHARS: Final = 40
"""PostgreSQL keeps 63 of a name: what stands before the host, a port and the brackets of IPv6 take the others."""

_HOLDER: Final = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 2
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid = %s::oid AND objid = %s::oid
"""

_Connection = psycopg.AsyncConnection[tuple[object, ...]]


class Seat:
    """The right to be the only one to use a token: an advisory lock on a PostgreSQL connection of its own.

    ``host`` and ``port`` are where this process listens to requests, if it does: the others learn by ``holder`` where
    the one that holds the seat is reached. A host that stands for all of the machine's addresses, as 0.0.0.0 does, or
    whose name is too long, is told as the address from which the machine speaks with PostgreSQL.

    PostgreSQL gives it to another as soon as the connection ends, however that comes: the process dies, the network
    goes, or the holder has not been heard of for ``limits.SEAT_IDLE_S`` (it is stopped, or its machine sleeps).
    """

    def __init__(self, url: str, token: str, *, host: str = "", port: int = 0) -> None:
        self._address = parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._key = int.from_bytes(hashlib.sha256(token.encode()).digest()[:4], signed=True)
        self._host = host
        self._port = port
        self._connection: _Connection | None = None
        self._fault = ""

    async def take(self) -> bool:
        """Try to take the seat, once, or to keep it; False if it is another's.

        False as well if the database does not let us ask, which is logged.
        """
        try:
            if self._connection is None:
                self._connection = await self._connect()
                await self._connection.execute(f"SET idle_session_timeout = '{limits.SEAT_IDLE_S:.0f}s'".encode())
                name = self._name(self._connection)
                await self._connection.execute("SELECT set_config('application_name', %s, false)", (name,))
            taken = await self._connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SEATS, self._key))
            row = await taken.fetchone()
        except psycopg.Error as error:
            await self.leave()
            self._tell(in_words(error))
            return False
        self._fault = ""
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

    async def holder(self) -> str | None:
        """Where the process that holds the seat listens, as ``host:port``; None where none does, or it is not known."""
        lock = (_SEATS, self._key & 0xFFFFFFFF)  # which PostgreSQL shows without a sign
        try:
            if self._connection is not None:
                found = await (await self._connection.execute(_HOLDER, lock)).fetchone()
            else:
                async with await self._connect() as passing:
                    found = await (await passing.execute(_HOLDER, lock)).fetchone()
        except psycopg.Error:
            return None
        name = str(found[0]) if found else ""
        return name.removeprefix(_REACHED_AT) if name.startswith(_REACHED_AT) else None

    async def leave(self) -> None:
        """Give the seat up; safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()

    def _tell(self, fault: str) -> None:
        """Say once why nobody here speaks, not at each try."""
        if fault != self._fault:
            self._fault = fault
            _log.warning("the right to speak cannot be asked for: %s", fault)

    async def _connect(self) -> _Connection:
        wait_s = int(limits.SEAT_IDLE_S)
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True, connect_timeout=wait_s)

    def _name(self, connection: _Connection) -> str:
        """What the others see of the connection: where this process is reached, if it is."""
        if not self._port:
            return "backstory"
        is_told = len(self._host) <= _HOST_CHARS and not _stands_for_all(self._host)
        host = self._host if is_told else _own_address(connection)
        return f"{_REACHED_AT}{f'[{host}]' if ':' in host else host}:{self._port}"


def _stands_for_all(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host


def _own_address(connection: _Connection) -> str:
    """The near end of a connection; that of a socket file is this machine itself."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as near:
        return "127.0.0.1" if near.family == socket.AF_UNIX else str(near.getsockname()[0])
