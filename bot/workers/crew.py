"""A bounded set of tasks under way: room for more, a wake-up when one ends, a drain at the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import logs

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

log = logs.get(__name__)


class Crew:
    """Runs coroutines, at most ``size`` at a time by its owner's care; calls ``on_end`` whenever one ends."""

    def __init__(self, size: int, *, on_end: Callable[[], None]) -> None:
        self._size = size
        self._on_end = on_end
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """How many more may start."""
        return self._size - len(self._tasks)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Begin one more."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work ended in an error", exc_info=error)
        self._on_end()

    async def drain(self, timeout_s: float | None) -> None:
        """Wait for what is under way; cancel what is not done in time (None: however long it takes)."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
