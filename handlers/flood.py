"""Flood control: how many commands one person may give in one chat within a minute. Pure: the moment is passed in.

Whoever goes past it is told once when to go on, and then not answered until that moment; what was refused does not
count, so that the wait is never longer than a minute. The count is one process's, which is enough for a fleet, too: one
process a bot token listens at a time, and when another takes its place everybody has a minute's commands anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable

SPAN_S: Final = 60.0
PEOPLE_KEPT: Final = 10_000
"""How many people's paces are kept at a time; those who have been quiet for a minute go first."""


class Verdict(Enum):
    """What to do with a command."""

    GO = auto()
    TELL = auto()  # too many, and this is the first that is refused
    SILENCE = auto()  # too many, and they were told


@dataclass(frozen=True, slots=True)
class Pace:
    """When somebody's last commands came (seconds of any steady clock), and whether they were told to wait."""

    times_s: tuple[float, ...] = ()
    told: bool = False


def judged(pace: Pace, now_s: float, per_min: int) -> tuple[Pace, Verdict, float]:
    """The pace after one more command, what to do with it, and how many seconds to wait where it is refused."""
    # The same sum as below, so that rounding cannot give a wait of nothing.
    recent = tuple(time_s for time_s in pace.times_s if time_s + SPAN_S > now_s)[-per_min:]
    if len(recent) < per_min:
        return Pace((*recent, now_s)), Verdict.GO, 0.0
    verdict = Verdict.SILENCE if pace.told else Verdict.TELL
    return Pace(recent, told=True), verdict, min(recent[0] + SPAN_S - now_s, SPAN_S)


class Gate:
    """Everybody's paces. ``per_min`` None lets everything through."""

    def __init__(self, per_min: int | None) -> None:
        self._per_min = per_min
        self._paces: dict[Hashable, Pace] = {}

    def judge(self, who: Hashable, now_s: float) -> tuple[Verdict, float]:
        """Count one command; what to do with it, and the wait in seconds."""
        if self._per_min is None:
            return Verdict.GO, 0.0
        pace, verdict, wait_s = judged(self._paces.pop(who, Pace()), now_s, self._per_min)
        self._paces[who] = pace
        if len(self._paces) > PEOPLE_KEPT:
            # In order of their last command: the first have been quiet the longest.
            del self._paces[next(iter(self._paces))]
        return verdict, wait_s
