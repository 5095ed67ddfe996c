"""Named places at which a crash test may kill or stop this very process. Inert unless BACKSTORY_CRASH_AT names one.

``claimed:3`` kills it when it comes to the place called ``claimed`` for the third time; ``stop:claimed`` stops it there
as SIGSTOP does, until somebody sends SIGCONT. The places, in the order of the flow: ``fetched`` (a feed's bytes are
here), ``commit`` (any transaction, right before its commit), ``ingested`` (entries and outbox rows are stored),
``claimed`` (deliveries are leased), ``begun`` (it is written down that a request may leave), ``answered`` (the platform
took the message), ``finished`` (that it did is written down).
"""

from __future__ import annotations

import os
import signal

from bot.errors import SettingsError

PLACES = ("fetched", "commit", "ingested", "claimed", "begun", "answered", "finished")
_STOP = "stop:"


class _Trap:
    """What happens where; a trap springs once."""

    def __init__(self) -> None:
        self.place = ""
        self.signal = signal.SIGKILL
        self.left = 0


_TRAP = _Trap()


def arm(where: str | None) -> None:
    """Set the trap: ``[stop:]PLACE[:TIMES]``; None sets none. Raises SettingsError if there is no such place."""
    place, _, times = (where or "").removeprefix(_STOP).partition(":")
    if where and (place not in PLACES or not (times or "1").isdecimal()):
        raise SettingsError(f"BACKSTORY_CRASH_AT is {where!r}: it is for crash tests, and names one of {PLACES}.")
    _TRAP.place = place
    _TRAP.signal = signal.SIGSTOP if where and where.startswith(_STOP) else signal.SIGKILL
    _TRAP.left = int(times or "1") if place else 0


def reach(place: str) -> None:
    """The process has come to this place."""
    if place == _TRAP.place and _TRAP.left:
        _TRAP.left -= 1
        if not _TRAP.left:
            os.kill(os.getpid(), _TRAP.signal)
