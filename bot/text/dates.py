"""Dates as people read them, in UTC. Pure: "now" is passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime

if TYPE_CHECKING:
    from datetime import datetime

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400


def day(at: datetime, lang: str = "en") -> str:
    """A day, such as "17 Jun 2024"."""
    return str(format_date(at, "d MMM y", locale=lang))


def moment(at: datetime, lang: str = "en") -> str:
    """A moment, such as "17 Jun 2024, 22:29 UTC"; a time of midnight means that only the day is known."""
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return day(at, lang)
    return str(format_datetime(at, "d MMM y, HH:mm", locale=lang)) + " UTC"


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in one unit: "just now", "3 min ago", "5 h ago", "2 days ago"; "in 4 min" for what is to come."""
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    if size < _MINUTE_S:
        return "just now" if seconds >= 0 else "in a moment"
    if size < _HOUR_S:
        amount = f"{int(size // _MINUTE_S)} min"
    elif size < 2 * _DAY_S:
        amount = f"{int(size // _HOUR_S)} h"
    else:
        amount = f"{int(size // _DAY_S)} days"
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"
