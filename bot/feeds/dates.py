"""The two date formats that nearly all feeds use, read at once; every other one is feedparser's to read.

Pure. What it gives is what feedparser gives, as a time tuple in UTC.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from feedparser.datetimes import _parse_date

if TYPE_CHECKING:
    from time import struct_time

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_RFC_822: Final = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun), (\d\d?) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (\d{4})"
    r" (\d\d):(\d\d):(\d\d) (?:gmt|utc|z|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_W3C: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:z|([+-])(\d\d):(\d\d))", re.ASCII)


def parse_date(text: str) -> struct_time | None:
    """A date as feedparser reads it. Raises what feedparser lets escape."""
    if not text:
        return None
    lower = text.lower()
    if found := _RFC_822.fullmatch(lower):
        day, month, year, *rest = found.groups()
        moment = _moment(year, str(_MONTHS.index(month) // 4 + 1), day, *rest)
    elif found := _W3C.fullmatch(lower):
        moment = _moment(*found.groups())
    else:
        moment = None
    if moment is not None:
        return moment.utctimetuple()
    parsed: struct_time | None = _parse_date(text)
    return parsed


def _moment(*parts: str | None) -> datetime | None:
    year, month, day, hour, minute, second, sign, hours, minutes = parts
    try:
        stamp = datetime(*map(int, (year, month, day, hour, minute, second)))  # type: ignore[arg-type]  # noqa: DTZ001 - UTC
        if sign is None:
            return stamp
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return stamp + offset if sign == "-" else stamp - offset
    except (ValueError, OverflowError):
        return None
