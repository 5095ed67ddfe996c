"""Play the sample coverage: a clock that stands in its own past, and the pace at which steps appear.

Job: time and order of the play. What is served is the server's matter, what comes of it that of the poller: both are
passed in as callables.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from bot.samples.coverage import Step

FIRST_STEP_AFTER_S: Final = 0.0
"""The first step comes at once: a newcomer must see an alert within 15 seconds of start."""

STEP_EVERY_S: Final = 12.0
"""Later steps leave time to read the alert and to type a command."""


class PlaybackClock:
    """A clock that begins at ``start`` (aware), runs at wall speed and can jump forward, never backward.

    ``monotonic`` counts seconds from any moment, as ``time.monotonic`` does.
    """

    def __init__(self, start: datetime, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._set_at_s = monotonic()
        self._set_to = start

    def now(self) -> datetime:
        """The time of the play."""
        return self._set_to + timedelta(seconds=self._monotonic() - self._set_at_s)

    def advance_to(self, moment: datetime) -> None:
        """Jump to ``moment`` and run on from there; a moment that has passed changes nothing."""
        if moment > self.now():
            self._set_to = moment
            self._set_at_s = self._monotonic()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds before the first step and between one step and the next."""

    first_after_s: float = FIRST_STEP_AFTER_S
    every_s: float = STEP_EVERY_S


async def play(
    steps: Iterable[Step],
    *,
    clock: PlaybackClock,
    release: Callable[[Step], None],
    poll: Callable[[], Awaitable[object]],
    pace: Pace = Pace(),
) -> None:
    """Play the steps in order: move the clock to the step, release it, poll the feeds, pause.

    The clock moves first, so that no poll ever sees an entry from its own future. Ends after the last step's poll.
    """
    pause_s = pace.first_after_s
    for step in steps:
        await asyncio.sleep(pause_s)
        pause_s = pace.every_s
        clock.advance_to(step.at)
        release(step)
        await poll()
