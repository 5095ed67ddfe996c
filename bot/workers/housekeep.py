"""Housekeeping: every few hours, delete what is older than the settings keep, a small batch at a time.

Between two batches it waits, so that polls and commands go on; a batch that finds nothing takes no lock. Must not
decide what may go (the store does), and must not end the bot where it fails.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits, logs

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.store.port import Store

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long entries are kept, and how long it is known that an entry was seen after it is gone; in days."""

    entries_days: int = limits.KEEP_ENTRIES_DAYS
    seen_days: int = limits.KEEP_SEEN_DAYS


class Housekeeper:
    """Trims one store. Start and stop it, or call ``run`` once."""

    def __init__(self, store: Store, clock: Clock, kept: Kept, *, pause_s: float = limits.UPKEEP_PAUSE_S) -> None:
        self._store = store
        self._clock = clock
        self._kept = kept
        self._pause_s = pause_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first round is soon, so that a bot that is restarted daily is kept in order too."""
        self._task = asyncio.get_running_loop().create_task(self._rounds(), name="housekeep")

    async def stop(self) -> None:
        """End, after the batch under way has been rolled back or written."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def run(self) -> tuple[int, int]:
        """One round; returns how many entries and how many seen keys were deleted; what was heard goes as well."""
        now = self._clock.now()
        entries, keys = 0, 0
        old, at = now - timedelta(days=self._kept.entries_days), None
        while True:
            batch = await self._store.trim_entries(before=old, after=at, limit=limits.UPKEEP_BATCH)
            entries, at = entries + batch.deleted, batch.then
            if at is None:
                break
            # Old entries that stay are walked past each time: only what held the write lock has to make room.
            await asyncio.sleep(self._pause_s if batch.deleted else 0)
        # A key is asked for by every poll that brings its entry: these are cheap to walk and to delete.
        old, key = now - timedelta(days=self._kept.seen_days), None
        while True:
            seen = await self._store.trim_seen(before=old, after=key, limit=10 * limits.UPKEEP_BATCH)
            keys, key = keys + seen.deleted, seen.then
            if key is None:
                break
            await asyncio.sleep(self._pause_s if seen.deleted else 0)
        await self._store.trim_heard(before=now - timedelta(days=limits.HEARD_KEPT_DAYS))
        return entries, keys

    async def _rounds(self) -> None:
        await asyncio.sleep(limits.UPKEEP_FIRST_S)
        while True:
            try:
                entries, keys = await self.run()
                log.info("housekeeping", entries=entries, seen_keys=keys)
            except Exception:
                # A locked or full database: the next round tries again.
                log.exception("housekeeping failed")
            await asyncio.sleep(limits.UPKEEP_EVERY_S)
