"""The hours and days at which a feed asks not to be read: RSS's skipHours and skipDays. Pure.

Both are GMT (RSS 2.0, elements of channel): hours from 0 to 23, days by their English names. RSS 0.91 counted the
hours from 1 to 24, the last being midnight. They travel as one number: bit 0 to 23 for the hours, 24 to 30 for the
days from Monday on. Must not decide how long a feed may sleep.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_HOURS: Final = 24
_DAYS: Final = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_ALL_HOURS: Final = (1 << _HOURS) - 1
_ALL_DAYS: Final = ((1 << len(_DAYS)) - 1) << _HOURS
_AROUND_BYTES: Final = 64 * 1024
"""So much is looked at before the entries, and behind them: bodies have megabytes, and the event loop waits."""
# A list that is never closed takes the rest with it, so that no letter is looked at for each of thousands.
_LISTED: Final = re.compile(rb"<skip(?:Hours|Days)\s*>(?:(.*?)</skip(?:Hours|Days)\s*>|.*)", re.DOTALL)
_ONE: Final = re.compile(rb"<(?:hour\s*>\s*0?(\d{1,2})|day\s*>\s*([a-z]{6,9}))\s*</(?:hour|day)\s*>", re.IGNORECASE)


def read_skips(body: bytes) -> int:
    """What a document asks for outside its entries; 0 where it asks for nothing, or would never be read at all."""
    if b"<skip" not in body:
        return 0
    first, behind = body.find(b"<item"), body.rfind(b"</item>")
    around = body[:_AROUND_BYTES]
    if first >= 0:
        around = around[:first] + body[behind : behind + _AROUND_BYTES]
    skips = 0
    for listed in _LISTED.finditer(around):
        for hour, day in _ONE.findall(listed[1] or b""):
            if hour and int(hour) <= _HOURS:
                skips |= 1 << int(hour) % _HOURS
            elif day.lower() in _DAYS:
                skips |= 1 << (_HOURS + _DAYS.index(day.lower()))
    never = skips & _ALL_HOURS == _ALL_HOURS or skips & _ALL_DAYS == _ALL_DAYS
    return 0 if never else skips


def is_skipped(moment: datetime, skips: int) -> bool:
    """Whether the feed asks not to be read then. ``moment`` is in UTC."""
    return bool(skips >> moment.hour & 1 or skips >> (_HOURS + moment.weekday()) & 1)


def end_of_skips(moment: datetime, skips: int, *, latest: datetime) -> datetime:
    """The moment, or the first full hour after it that is not skipped, but never later than ``latest``."""
    while moment < latest and is_skipped(moment, skips):
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return min(moment, latest)
