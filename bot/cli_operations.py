"""The commands of whoever runs a bot: set it up, look after it, back it up. The work is done elsewhere."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import limits, settings
from bot.errors import CommandError, SettingsError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from bot.settings import Settings

_OUTBOX_LINES: Final = 200
_ID_DIGITS: Final = 18
_LOST_SHOWN: Final = 20
_MIB: Final = 1024 * 1024


def add_to(add: Callable[[str, Callable[..., object], str], argparse.ArgumentParser]) -> None:
    """Add these commands; ``add`` takes a name, what carries it out and its summary, and returns its parser."""
    add("setup", set_up, "ask for tokens and feeds, try each of them, and write .env")
    outbox = add("outbox", _outbox, "list the alerts that did not get through, and why, or send them again")
    outbox.add_argument(
        "--replay", nargs="+", metavar="ID", help="put these (or: all) back in line; the running bot sends them"
    )
    add("status", _status, "print how feeds, archive and outbox are doing")
    add("doctor", _doctor, "check settings, database, clock, tokens and feeds, and say what to do about each fault")
    backup = add("backup", _backup, "copy the database to a file, even while the bot runs, and check the copy")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--force", action="store_true", help="replace FILE if it exists, once the copy is good")
    restore = add("restore", _restore, "replace the database with a backup; stop the bot first")
    restore.add_argument("file", type=Path, metavar="FILE")


def set_up() -> int:
    """Hold the setup conversation. Not a coroutine: it waits for a person, and Ctrl-C must end it at once."""
    from bot import setup  # noqa: PLC0415 - other commands start without it

    try:
        configured = settings.load()
    except SettingsError as error:
        sys.stdout.write(f"What is set now cannot be used: {error}\n\n")
        configured = settings.defaults()
    try:
        return setup.set_up(setup.Terminal(), configured, Path.cwd())
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped: everything is as it was.\n")
        return 130


async def _outbox(configured: Settings, options: argparse.Namespace) -> int:
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.report import outbox_text  # noqa: PLC0415
    from bot.store.sql import open_store  # noqa: PLC0415

    store = await open_store(configured.database_url, secret_keys=configured.secret_keys)
    now = SystemClock().now()
    try:
        if options.replay is None:
            print(outbox_text(await store.missed_deliveries(now=now, limit=_OUTBOX_LINES), now))
            return 0
        count = await store.replay_deliveries(_ids(options.replay), now=now)
    finally:
        await store.close()
    print(f"{count} put back in line" + ("" if count else ": only what is perhaps sent, refused or held can be"))
    return 0 if count else 1


def _ids(words: Sequence[str]) -> list[int] | None:
    """Deliveries' numbers, or None for all of them."""
    if list(words) == ["all"]:
        return None
    if not all(word.isdecimal() and len(word) <= _ID_DIGITS for word in words):
        raise CommandError("--replay takes numbers, as `backstory outbox` shows them, or the word all")
    return [int(word) for word in words]


async def _status(configured: Settings, _: argparse.Namespace) -> int:
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.report import status_text, troubles_text  # noqa: PLC0415
    from bot.store.sql import open_store  # noqa: PLC0415

    store = await open_store(configured.database_url, secret_keys=configured.secret_keys)
    now = SystemClock().now()
    try:
        print(status_text(await store.status(since=now - timedelta(seconds=limits.LAG_SPAN_S)), now))
        not_well = troubles_text(await store.troubles(), await store.lost_chats(limit=_LOST_SHOWN), now)
        if not_well:
            print(not_well)
    finally:
        await store.close()
    return 0


async def _doctor(configured: Settings, _: argparse.Namespace) -> int:
    from bot.doctor import examine  # noqa: PLC0415

    findings = await examine(configured)
    for finding in findings:
        print(finding.as_text())
    return 0 if all(finding.well for finding in findings) else 1


async def _backup(configured: Settings, options: argparse.Namespace) -> int:
    from bot.progress import progress  # noqa: PLC0415
    from bot.store.backup import backup  # noqa: PLC0415

    with progress(100, "backing up") as advance:
        shown = 0

        def step(done: int, total: int) -> None:
            nonlocal shown
            while shown < 100 * done // max(total, 1):
                shown += 1
                advance()

        copied = await asyncio.to_thread(
            backup, configured.database_url, options.file, replace=options.force, progress=step
        )
    checked = "checked" if copied.checked else "not checked, since pg_restore is not installed here"
    print(f"{copied.path}: {copied.size_bytes / _MIB:,.1f} MiB, {checked}")
    return 0


async def _restore(configured: Settings, options: argparse.Namespace) -> int:
    from bot.store.alone import only_process  # noqa: PLC0415
    from bot.store.backup import restore  # noqa: PLC0415

    with only_process(configured.database_url):
        restored = await asyncio.to_thread(restore, configured.database_url, options.file)
    kept = f"; what was there before is {restored.aside}" if restored.aside else ""
    print(f"{restored.path} is restored{kept}")
    return 0
