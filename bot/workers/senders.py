"""Who speaks: of all processes with a bot's token, the one that holds its seat sends and listens.

Two that listen with one token get each half of what people write, and two that send exceed together what the platform
allows. The others wait: when the holder ends, hangs or loses the database, one of them takes its place in seconds.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from bot import limits, logs
from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

    from bot.model import Platform

log = logs.get(__name__)


class Chair(Protocol):
    """What is taken to be the only one; ``bot.store.seat.Seat``."""

    async def take(self) -> bool:
        """Try to take it, once; True as well where it is ours already."""
        ...

    async def is_ours(self) -> bool:
        """Whether it still is."""
        ...

    async def leave(self) -> None:
        """Give it up."""
        ...


class Speaker(Protocol):
    """One spell of speaking on a platform: listens and sends between ``start`` and ``stop``."""

    async def start(self) -> None:
        """Begin to listen and to send. Raises BackstoryError where the platform does not let us."""
        ...

    async def stop(self) -> None:
        """Begin to send no more, finish what is on its way, stop listening; safe after a failed start."""
        ...


class Sender:
    """Waits for one platform's seat, and speaks while it is held: with a new speaker each time."""

    def __init__(
        self,
        platform: Platform,
        seat: Chair,
        speaker: Callable[[], Speaker],
        *,
        check_s: float = limits.SEAT_CHECK_S,
    ) -> None:
        self._platform = platform
        self._seat = seat
        self._speaker = speaker
        self._check_s = check_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wait for the seat."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"sender {self._platform.value}")

    async def stop(self) -> None:
        """Finish what is being sent, stop listening, and only then leave the seat to another."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        try:
            while True:
                if await self._seat.take():
                    await self._hold()
                await asyncio.sleep(self._check_s)
        finally:
            await self._seat.leave()

    async def _hold(self) -> None:
        """Speak for as long as the seat is ours; asking is what keeps it, also while a slow platform begins or ends."""
        speaker = self._speaker()
        loop = asyncio.get_running_loop()
        lost = loop.create_task(self._lost(), name=f"seat {self._platform.value}")
        try:
            starting = loop.create_task(speaker.start(), name=f"start {self._platform.value}")
            try:
                await asyncio.wait({starting, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await _ended(starting)
            if not starting.cancelled():
                starting.result()
                log.info("this process speaks now", platform=self._platform.value)
            await asyncio.wait({lost})
            lost.result()
            log.warning("another process may speak from now on", platform=self._platform.value)
        except Exception:
            # Whatever it was, a database that is away too: to wait for the seat again is all that there is to do.
            log.exception("chat could not be started", platform=self._platform.value)
            await _ended(lost)
            await self._seat.leave()
        finally:
            await _to_its_end(speaker.stop())
            await _ended(lost)

    async def _lost(self) -> None:
        """Return when the seat is another's."""
        while await self._seat.is_ours():  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(self._check_s)


@asynccontextmanager
async def held(
    seats: Sequence[Chair], *, wait_s: float, check_s: float = limits.SEAT_CHECK_S, refusal: str
) -> AsyncIterator[None]:
    """Hold all of these seats while the context lasts, for a process that shares its work with no other.

    Whoever has one of them may be about to end: that is waited for.

    Raises:
        SettingsError: another process still has one of them after that, which the ``refusal`` says.
    """
    until = time.monotonic() + wait_s
    told = False
    try:
        # All of them each time: asking keeps those that are ours already.
        while not all([await seat.take() for seat in seats]):
            if time.monotonic() >= until:
                raise SettingsError(refusal)
            if not told:
                log.warning("another process works on this database alone: its end is waited for")
            told = True
            await asyncio.sleep(check_s)
        keeping = asyncio.get_running_loop().create_task(_keep(seats, check_s), name="seats")
        try:
            yield
        finally:
            await _ended(keeping)
    finally:
        for seat in seats:
            await seat.leave()


async def _keep(seats: Sequence[Chair], check_s: float) -> None:
    """Keep seats by asking for them again; one that is lost, as by a restart of the database, is ours again by that."""
    ours = True
    while True:
        await asyncio.sleep(check_s)
        before, ours = ours, all([await seat.take() for seat in seats])
        if before and not ours:
            log.warning("another process may work on this database from now on")


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task unless it is done, and wait for its end."""
    task.cancel()
    await asyncio.wait({task})


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Do all of it, and only then heed a cancellation: half a stop leaves somebody who listens without a seat."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
