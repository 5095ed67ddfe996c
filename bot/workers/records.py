"""Writing down how polls went: as many in one transaction as wait while the one before is written.

Whoever hands a poll over waits until it is stored. A transaction costs the same for one poll as for fifty, and most
polls bring nothing but a new date. This module must not decide what a poll says.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import limits, logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Poll
    from bot.store.port import Store

log = logs.get(__name__)


class Records:
    """Polls on their way into the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Poll, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, poll: Poll) -> None:
        """Return when it is stored. Raises whatever the store raised of this one."""
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        self._waiting.append((poll, stored))
        if self._writing is None or self._writing.done():
            self._writing = loop.create_task(self._write())
        await stored

    async def _write(self) -> None:
        while self._waiting:
            # Those that are about to end come along: the wait is nothing beside a poll's own.
            await asyncio.sleep(limits.RECORD_PAUSE_S)
            taken, self._waiting = self._waiting, []
            try:
                await self._store_all(taken)
            except BaseException as error:  # noqa: BLE001 - it goes to everybody who waits
                # The writer itself is stopped: nobody must wait for it for ever.
                _answer((*taken, *self._waiting), error)
                self._waiting = []
                return

    async def _store_all(self, taken: Sequence[tuple[Poll, asyncio.Future[None]]]) -> None:
        fault: BaseException | None = None
        try:
            await self._store.record_polls([poll for poll, _ in taken])
        except Exception as error:  # noqa: BLE001 - it is whoever waits for the poll who judges it
            fault = error
        if fault is not None and len(taken) > 1:
            # One that cannot be stored must not keep the others from it.
            log.warning("polls cannot be written down together; one by one", polls=len(taken))
            for one in taken:
                await self._store_all([one])
            return
        _answer(taken, fault)


def _answer(taken: Sequence[tuple[Poll, asyncio.Future[None]]], fault: BaseException | None) -> None:
    """Tell those who wait for these, as far as they still do."""
    for _, stored in taken:
        if stored.done():
            continue
        if fault is None:
            stored.set_result(None)
        else:
            stored.set_exception(fault)
