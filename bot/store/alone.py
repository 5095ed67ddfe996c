"""One process a database file, and one import: a lock beside it, which the system lets go of however its holder ends.

PostgreSQL needs none: there several processes may share the work, and leases tell who is gone; see ``seat``.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.store.database import file_of, is_file, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


def only_process(url: str) -> AbstractContextManager[bool]:
    """Be the only process that works on this database for as long as the context lasts; False where others may be.

    Raises:
        SettingsError: another process is at it already.
    """
    return only_one(
        url,
        f"Another Backstory is running on {parse_url(url).database}: end it first, or give this one a database of its "
        "own (BACKSTORY_DATA_DIR). Several can share a PostgreSQL database, as `backstory worker`.",
    )


@contextmanager
def only_one(url: str, refusal: str, *, lock: str = "lock") -> Iterator[bool]:
    """Hold the lock of this name on the database for as long as the context lasts; False where it has none.

    Raises:
        SettingsError: another process has it, which the ``refusal`` says, or it cannot be made.
    """
    parsed = parse_url(url)
    if not is_file(parsed):
        # Nobody else can reach a database in memory.
        yield parsed.get_backend_name() == "sqlite"
        return
    database = file_of(parsed)  # two names of one file are one database
    path = database.with_name(f"{database.name}.{lock}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise SettingsError(f"The lock file {path} cannot be made: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SettingsError(refusal) from error
        yield True
