"""How fast we may speak: per-chat and overall buckets, and the wait for a turn.

The arithmetic is pure, with the time passed in; only ``Pacer.turn`` sleeps. Each bucket is a generic cell rate
algorithm (the leaky bucket as a meter, ITU-T I.371): one number, the time at which it is full again.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.errors import PaceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

WAIT_CAP_S: Final = 10.0
"""Longer waits are not slept through: the sender is told when to come back."""

WINDOW_S: Final = 1.0
_LOOK_S: Final = 0.005
_LEAST_S: Final = 1e-6
_SWEEP_AT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """One message each ``interval_s`` seconds, of which ``burst`` may go at once after a rest."""

    interval_s: float
    burst: int = 1


@dataclass(slots=True)
class Bucket:
    """What is left of a rate. ``full_at`` is when the bucket will have its whole burst again."""

    rate: Rate
    full_at: float = 0.0

    def wait_s(self, now: float) -> float:
        """Seconds until the next message may go."""
        return max(0.0, self.full_at - (self.rate.burst - 1) * self.rate.interval_s - now)

    def take(self, now: float) -> float:
        """Take the next turn, and return the seconds until it comes."""
        wait_s = self.wait_s(now)
        self.full_at = max(self.full_at, now) + self.rate.interval_s
        return wait_s

    def hold(self, until: float) -> None:
        """Let no turn come before ``until``: the platform asked for a pause."""
        self.full_at = max(self.full_at, until + (self.rate.burst - 1) * self.rate.interval_s)


class Window:
    """At most so many requests in any second, as the platform counts them.

    It counts when they arrive, which is between when they leave and when they are answered. So those under way and
    those answered within the last second are counted: whatever delays them, no second of the platform's holds more.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way = 0
        self._answered: deque[float] = deque()
        self._urgent = 0

    def wait_s(self, now: float, *, urgent: bool) -> float:
        """Seconds after which to ask again; 0 if one may leave now. Who is urgent goes first."""
        while self._answered and self._answered[0] <= now - WINDOW_S:
            self._answered.popleft()
        if self._under_way + len(self._answered) < self._most and (urgent or not self._urgent):
            return 0.0
        return max(_LOOK_S, self._answered[0] + WINDOW_S - now) if self._answered else _LOOK_S

    def leave(self) -> None:
        """One leaves."""
        self._under_way += 1

    def answered(self, now: float) -> None:
        """One was answered, or never will be."""
        self._under_way -= 1
        self._answered.append(now)

    @contextmanager
    def queued(self, *, urgent: bool) -> Iterator[None]:
        """While somebody urgent waits, others do."""
        self._urgent += urgent
        try:
            yield
        finally:
            self._urgent -= urgent


class Pacer:
    """Turns for the messages to many chats: each at its own rate, all together at the overall one.

    Order is kept within a chat. Answers to a person (``urgent``) do not queue behind a fan-out: they go ahead of it at
    the cost of those who wait, so that the overall rate holds still.
    """

    def __init__(
        self,
        *,
        overall: Rate,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._overall = Bucket(overall)
        self._window = Window(max(1, round(WINDOW_S / max(overall.interval_s, _LEAST_S))))
        self._chats: dict[str, Bucket] = {}
        self._clock = clock
        self._sleep = sleep

    async def turn(self, chat: str, rate: Rate, *, urgent: bool = False) -> None:
        """Wait for this chat's turn. Raises PaceError, having waited for nothing, if it is far away."""
        now = self._clock()
        bucket = self._bucket(chat, rate, now)
        ahead_s = max(bucket.wait_s(now), 0.0 if urgent else self._overall.wait_s(now))
        if ahead_s > WAIT_CAP_S:
            message = f"we keep to the platform's pace; the next turn comes in {ahead_s:.0f} s"
            raise PaceError(message, seconds=ahead_s)
        await self._pause(bucket.take(now))
        overall_s = self._overall.take(self._clock())
        await self._pause(0.0 if urgent else overall_s)

    @asynccontextmanager
    async def request(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Around each request: it is written once it would not be one too many in a second.

        Turns are evenly spaced when they are given; what comes between a turn and its request may bunch them again.
        """
        with self._window.queued(urgent=urgent):
            while (wait_s := self._window.wait_s(self._clock(), urgent=urgent)) > 0:
                await self._sleep(wait_s)
        self._window.leave()
        try:
            yield
        finally:
            self._window.answered(self._clock())

    def hold(self, chat: str, rate: Rate, seconds: float) -> None:
        """The platform asked for ``seconds`` of silence in this chat."""
        now = self._clock()
        self._bucket(chat, rate, now).hold(now + seconds)

    def _bucket(self, chat: str, rate: Rate, now: float) -> Bucket:
        if len(self._chats) >= _SWEEP_AT:
            self._chats = {name: bucket for name, bucket in self._chats.items() if bucket.full_at > now}
        bucket = self._chats.get(chat)
        if bucket is None:
            bucket = self._chats[chat] = Bucket(rate)
        return bucket

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self._sleep(seconds)
