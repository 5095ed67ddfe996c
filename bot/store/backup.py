"""Backup and restore of a whole database, while a bot writes to it. Must not read what is in them.

SQLite: the online backup API (sqlite.org/backup.html) from one held snapshot, so that a busy writer neither waits nor
starts the copy over; the copy is checked, then takes its name in one step. PostgreSQL: pg_dump where it is installed,
which does the same there. Both are blocking: call them in a thread.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import BackstoryError
from bot.store import migrations
from bot.store.database import SQLITE_BUSY_TIMEOUT_S, file_of, is_file, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import URL

PAGES_PER_STEP: Final = 2000
ID_GAP: Final = 1_000_000
"""Added to every next id by a restore: what was numbered after the backup may still stand in chats."""

_MARK_RESTORED: Final = (
    f"UPDATE sequences SET value = value + {ID_GAP} WHERE name IN ('entry', 'story', 'alert');"  # noqa: S608 - a number of ours
    f" SELECT setval(oid::regclass, nextval(oid::regclass) + {ID_GAP}) FROM pg_class"
    " WHERE relkind = 'S' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'sequences'::regclass);"
    " UPDATE deliveries SET maybe_sent = true WHERE state IN ('pending', 'sending', 'held') AND action <> 'edit';"
    " UPDATE notices SET maybe_sent = true WHERE state IN ('pending', 'sending')"
)
"""The same gap and marks as ``_renumber`` makes, for PostgreSQL."""

_REPEATED: Final = "restored from a backup: may have been sent since"


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished backup, or a restored database; ``aside`` is where the database before it went.

    ``checked`` is False where it could not be read back: a dump of PostgreSQL, on a machine without pg_restore.
    """

    path: Path
    size_bytes: int
    aside: Path | None = None
    checked: bool = True


def backup(
    url: str, target: Path, *, replace: bool = False, progress: Callable[[int, int], None] = lambda _, __: None
) -> Copied:
    """Copy the database of this address into a file. With ``replace`` it takes an older one's place once it is good.

    Raises:
        BackstoryError: it cannot be copied; what stood at ``target`` is as it was.
    """
    address = parse_url(url)
    _may_stand_at(target, address, replace=replace)
    part = target.with_name(f".{target.name}.part")
    checked = True
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        if is_file(address):
            _copy(Path(address.database or ""), part, progress)
            _check(part)
        elif address.get_backend_name() == "postgresql":
            _dump(address, part, target)
            checked = _check_dump(part)
        else:
            raise BackstoryError("A database in memory has nothing to back up.")
        _keep(part, target)
    except (OSError, sqlite3.Error) as error:
        raise BackstoryError(f"The backup was not made: {error}") from error
    finally:
        _drop(part)
    return Copied(target, target.stat().st_size, checked=checked)


def restore(url: str, source: Path) -> Copied:
    """Put a backup in the place of the SQLite database of this address, which is kept beside it under another name.

    Nobody may have the database open: see ``alone.only_process``; it may be damaged. What was waiting to be sent when
    the backup was made is marked as a possible repeat, and new rows are numbered past all that were given out since.

    Raises:
        BackstoryError: the backup is not sound, or is of no SQLite database; nothing was changed.
    """
    address = parse_url(url)
    if not is_file(address):
        raise BackstoryError(
            "A PostgreSQL database is restored by its own tools, while no bot runs on it, and what waits in it is"
            " marked (if this program was updated since the backup, name a new, empty database in both lines, and in"
            f" BACKSTORY_DATABASE_URL):\n{restore_command(url, source)}\n{mark_command(url)}"
        )
    if source.exists() and not source.is_file():
        raise BackstoryError(f"{source} is no file: nothing is restored from it.")
    target = file_of(address)
    part, aside = target.with_name(f".{target.name}.part"), _free(target.with_name(f"{target.name}.before-restore"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        shutil.copyfile(source, part)
        if (log := Path(f"{source}-wal")).is_file():
            # A plain copy of a file in use: what was written last may stand in its log alone.
            shutil.copyfile(log, f"{part}-wal")
        _check(part)
        _renumber(part)
        _flush(part)  # before anything is touched: with a large one it takes long
        existed = target.exists()
        if existed:
            _set_aside(target, aside)
        for left in ("-wal", "-shm"):
            Path(f"{target}{left}").unlink(missing_ok=True)
        _keep(part, target)
    except (OSError, sqlite3.Error) as error:
        raise BackstoryError(f"{source} was not restored: {error}") from error
    finally:
        for left in ("", "-wal", "-shm"):
            _drop(Path(f"{part}{left}"))
    return Copied(target, target.stat().st_size, aside if existed else None)


def dump_command(url: str, target: Path) -> str:
    """The command that backs a PostgreSQL database up, to be shown; without its password."""
    return shlex.join(["pg_dump", "--format=custom", f"--file={target}", f"--dbname={_for_tools(parse_url(url))}"])


def restore_command(url: str, source: Path) -> str:
    """The command that restores a PostgreSQL database, to be shown; without its password."""
    where = f"--dbname={_for_tools(parse_url(url))}"
    return shlex.join(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", where, str(source)]
    )


def mark_command(url: str) -> str:
    """The command that does to a restored PostgreSQL database what a restore on SQLite does, to be shown."""
    return shlex.join(["psql", f"--dbname={_for_tools(parse_url(url))}", f"--command={_MARK_RESTORED}"])


def _may_stand_at(target: Path, address: URL, *, replace: bool) -> None:
    """Raises BackstoryError where a backup would destroy what nobody meant it to."""
    if is_file(address) and target.resolve() == file_of(address):
        raise BackstoryError(f"{target} is the database itself: name another file.")
    if target.exists() and not target.is_file():
        # A file put in the place of a device (/dev/null, say) would be there for every program of the machine.
        raise BackstoryError(f"{target} is no file: name one.")
    if target.exists() and not replace:
        raise BackstoryError(f"{target} is there already: name another file, or replace it with --force.")


# ---------------------------------------------------------------- SQLite


def _copy(source: Path, part: Path, progress: Callable[[int, int], None]) -> None:
    if not source.is_file():
        raise BackstoryError(f"There is no database at {source} yet.")
    # Autocommit, so that the transaction that holds the snapshot is ours alone.
    with (
        closing(sqlite3.connect(source, timeout=SQLITE_BUSY_TIMEOUT_S, isolation_level=None)) as live,
        closing(sqlite3.connect(part)) as copy,
    ):
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(
            copy, pages=PAGES_PER_STEP, progress=lambda _, left, total: progress(total - left, total), sleep=0.001
        )
        live.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it


def _check(path: Path) -> None:
    """Raises BackstoryError unless the file is a sound database of ours."""
    with closing(sqlite3.connect(path)) as copy:
        try:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise BackstoryError(f"This is no sound database of Backstory's: {error}") from error
    if found != ["ok"] or broken is not None:
        raise BackstoryError(f"The copy is not sound: {found[0] if found != ['ok'] else 'references are broken'}")
    if revision is None or revision[0] not in migrations.REVISIONS:
        raise BackstoryError("This database is of a newer version of this program: update the program first.")


def _renumber(path: Path) -> None:
    """Leave a gap in all numbers, and mark what waits: it may have been sent after the backup was made."""
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute("UPDATE sequences SET value = value + ? WHERE name IN ('entry', 'story', 'alert')", (ID_GAP,))
        # A table that was empty has no number yet.
        copy.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
            " AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
        )
        copy.execute("UPDATE sqlite_sequence SET seq = seq + ?", (ID_GAP,))
        copy.execute(
            "UPDATE deliveries SET maybe_sent = 1, error = ? WHERE state NOT IN ('sent', 'dead', 'unknown')"
            " AND action <> 'edit'",
            (_REPEATED,),
        )
        # The first release had no notices.
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'notices'").fetchone():
            copy.execute("UPDATE notices SET maybe_sent = 1 WHERE state IN ('pending', 'sending')")


def _free(path: Path) -> Path:
    """This name, or one with a number behind it: what was set aside before may be all that is left of a database."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], numbered) if not name.exists())


def _set_aside(path: Path, aside: Path) -> None:
    """Give a database, sound or not, another name, and to that one all that stands in the log beside it.

    Its own name stays until the next takes it: a bot that finds no file there begins an empty one.
    """
    try:
        with closing(sqlite3.connect(path, timeout=SQLITE_BUSY_TIMEOUT_S)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise  # somebody writes to it
        # It is damaged, which is why it is to be replaced: what of it can be read is read from the two files.
    try:
        os.link(path, aside)
    except OSError:  # a file system on which a file has one name
        path.replace(aside)
    log = Path(f"{path}-wal")
    if log.exists():
        log.replace(f"{aside}-wal")


def _drop(path: Path) -> None:
    """Remove what is left of a copy. Where that cannot be done, none was made, and why is being said already."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have all of a file on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _keep(part: Path, target: Path) -> None:
    """Give the finished file its name, in one step that a power cut cannot halve."""
    _flush(part)
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# ---------------------------------------------------------------- PostgreSQL


def _for_tools(address: URL) -> str:
    """The address as libpq's own tools take it. The password goes by the environment, where no process list has it."""
    bare = address.set(drivername="postgresql").difference_update_query(["password"])
    # SQLAlchemy's own ``set`` takes None for "as it is".
    return bare._replace(password=None).render_as_string()


def _password_of(address: URL) -> str | None:
    """The password that the driver takes: the one among the parameters, else the login's."""
    parameter = address.query.get("password")
    return parameter if isinstance(parameter, str) else address.password


def _dump(address: URL, part: Path, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        command = dump_command(address.render_as_string(hide_password=False), target)
        raise BackstoryError(f"pg_dump is not installed here. On a machine that has it, run: {command}")
    environment = dict(os.environ)
    if password := _password_of(address):
        environment["PGPASSWORD"] = password
    done = subprocess.run(  # noqa: S603 - the arguments are an address and a path, passed without a shell
        [program, "--format=custom", "--no-password", f"--file={part}", f"--dbname={_for_tools(address)}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackstoryError(f"pg_dump failed: {_reason(done.stderr)}")


def _check_dump(part: Path) -> bool:
    """Read a dump back to its end, as a restore would; False where nothing here can. Raises BackstoryError."""
    program = shutil.which("pg_restore")
    if program is None:
        return False
    done = subprocess.run(  # noqa: S603 - the same
        [program, f"--file={os.devnull}", str(part)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackstoryError(f"The backup was not made: pg_restore cannot read the copy: {_reason(done.stderr)}")
    return True


def _reason(said: str) -> str:
    """Why one of libpq's tools failed: its errors and what follows them, such as details and hints."""
    _, _, error = said.partition("error: ")
    return (error or said).strip() or "no reason was given"
