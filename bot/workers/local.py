"""One process: APScheduler's single tick wakes a polling, a delivery and a digest loop. None holds any state.

Truth lives in the store (``next_poll_at``, leases, the outbox); losing this process loses nothing but time.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import limits, logs
from bot.workers.crew import Crew

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

log = logs.get(__name__)

_PAUSE_AFTER_ERROR_S = 5.0


class Work(Protocol):
    """A kind of work that lies in the store until it is claimed."""

    async def claim(self, limit: int) -> Sequence[Coroutine[None, None, None]]:
        """Lease up to ``limit`` pieces that are due and return what does them; empty when nothing is due."""
        ...


class Loop:
    """Claims one kind of work whenever it is woken and there is room, and runs it."""

    def __init__(self, name: str, work: Work, *, size: int) -> None:
        self.name = name
        self._work = work
        self._wake = asyncio.Event()
        self._crew = Crew(size, on_end=self.wake)
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    def start(self) -> None:
        """Begin; the first look happens at once."""
        self.wake()
        self._task = asyncio.get_running_loop().create_task(self._run(), name=self.name)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await _whole(self.step())
            except Exception:
                # A locked or vanished database must not end the loop: the next tick tries again.
                log.exception("could not claim work", loop=self.name)
                await asyncio.sleep(_PAUSE_AFTER_ERROR_S)

    async def step(self) -> int:
        """Claim what there is room for and start it; returns how much was started."""
        if self._crew.free <= 0:
            return 0
        claimed = await self._work.claim(self._crew.free)
        for piece in claimed:
            self._crew.start(piece)
        return len(claimed)

    async def settle(self) -> None:
        """Work until nothing is due and nothing is under way."""
        while await self.step() or not self._crew.idle:
            # Nobody waits for the process's end here: what takes long on a busy machine is not cut off.
            await self._crew.drain(None)

    async def stop(self) -> None:
        """Claim no more, let what is under way finish."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        await self._crew.drain(limits.DRAIN_S)


async def _whole(step: Coroutine[None, None, object]) -> None:
    """Do it to its end, also when we are to stop meanwhile: what is claimed and never started waits for its lease."""
    task = asyncio.ensure_future(step)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=limits.DRAIN_S)
        raise


class Polls(Work, Protocol):
    """Work of which some is claimed before it can begin, and can once there is room."""

    on_room: Callable[[], None]

    async def halt(self) -> None:
        """Give back what has not begun; claim no more."""
        ...


class Deliveries(Work, Protocol):
    """Work that can be told to begin no more."""

    def halt(self) -> None:
        """Put back what has not begun."""
        ...


class Digests(Work, Protocol):
    """Work that leaves something to deliver."""

    on_digests: Callable[[], None]


class LocalWorkers:
    """Polling, delivery and digests in this process."""

    def __init__(self, polls: Polls, deliveries: Deliveries, digests: Digests | None = None) -> None:
        self._give_back = polls.halt
        self._halt = deliveries.halt
        self._polls = Loop("polls", polls, size=limits.POLLS_CLAIMED)
        polls.on_room = self._polls.wake
        self._deliveries = Loop("deliveries", deliveries, size=limits.CLAIM_BATCH)
        self._digests = None if digests is None else Loop("digests", digests, size=1)
        if digests is not None:
            digests.on_digests = self._deliveries.wake
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._ticked_at: float | None = None

    def start(self) -> None:
        """Begin to tick. One job, never one a feed: the store says what is due."""
        self._polls.start()
        self._deliveries.start()
        if self._digests is not None:
            self._digests.start()
        self._scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=limits.TICK_S),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    @property
    def tick_age_s(self) -> float | None:
        """How long ago the last tick was; None before the first."""
        return None if self._ticked_at is None else time.monotonic() - self._ticked_at

    async def _tick(self) -> None:
        self._ticked_at = time.monotonic()
        self._polls.wake()
        self._deliveries.wake()
        self.wake_digests()

    def wake_digests(self) -> None:
        """Something held may be due: do not wait for the tick."""
        if self._digests is not None:
            self._digests.wake()

    def wake_deliveries(self) -> None:
        """There is something to send: do not wait for the tick."""
        self._deliveries.wake()

    async def clock_was_set(self) -> None:
        """Tick now: the scheduler waits for a moment of the wall clock, which may be far away now."""
        if self._scheduler.running:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))

    async def settle(self) -> None:
        """Poll what is due, then send what is due, and return when both are done."""
        await self._polls.settle()
        await self._deliveries.settle()
        while self._digests is not None and await self._digests.step():
            await self._digests.settle()
            await self._deliveries.settle()

    async def stop(self) -> None:
        """Drain: what is under way finishes, what is not begun stays in the store."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._halt()
        await self._give_back()
        loops = [self._polls, self._deliveries, *([self._digests] if self._digests is not None else [])]
        await asyncio.gather(*(loop.stop() for loop in loops))
