"""Whether the machine's clock was set, and what that means for what waits.

What the store holds back until a moment (a next poll, a pause that a platform asked for, a lease) was meant as a length
of time: a clock that is set back by a day would make it a day longer. What a person chose by the clock (a digest at
08:00, quiet hours, a mute) stays as it is. A clock that jumps forward only makes things due. Must not decide anything
else about time.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot import limits, logs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.clock import Clock
    from bot.store.port import Store

log = logs.get(__name__)


class Timekeeper:
    """Holds the wall clock against the steady one, every second. Start and stop it.

    ``on_set`` is called after a step, back or forward: whoever waits for a moment of the wall clock looks again.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        on_set: Callable[[], Awaitable[None]],
        *,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_set = on_set
        self._steady_s = steady_s
        self._wall = clock.now()
        self._steady = steady_s()
        self._owed_s = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first look asks whether the clock was set back while nobody ran."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="timekeeper")

    async def stop(self) -> None:
        """Look no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        asked = False
        while True:
            try:
                if not asked:
                    self._owed_s += await self._ahead_s()
                    asked = True
                await self.look()
            except Exception:
                # A locked or vanished database: what is owed to it is written the next time.
                log.exception("what waits could not be set by the clock")
            await asyncio.sleep(limits.TICK_S)

    async def _ahead_s(self) -> float:
        """By how much the newest thing that was written down is later than now."""
        newest = await self._store.newest_moment()
        ahead_s = 0.0 if newest is None else (newest - self._clock.now()).total_seconds()
        return ahead_s if ahead_s > limits.CLOCK_STEP_S else 0.0

    async def look(self) -> None:
        """Find out whether the clock was set since the last look, and let what waits follow it."""
        step_s = self._step_s()
        self._owed_s += max(0.0, -step_s)
        if self._owed_s:
            log.warning("the clock was set back; what waits follows it", seconds=round(self._owed_s))
            await self._store.clock_set_back(self._owed_s, now=self._clock.now())
            self._owed_s = 0.0
        elif step_s:
            log.warning("the clock jumped forward", seconds=round(step_s))
        else:
            return
        await self._on_set()

    def _step_s(self) -> float:
        """The seconds that the wall clock moved more than the steady one; 0.0 where that is nothing."""
        wall, steady = self._clock.now(), self._steady_s()
        step_s = (wall - self._wall).total_seconds() - (steady - self._steady)
        self._wall, self._steady = wall, steady
        return step_s if abs(step_s) > limits.CLOCK_STEP_S else 0.0
