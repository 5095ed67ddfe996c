"""The two date formats that nearly all feeds use, read at once; every other one is feedparser's to read.

Of a date that it does not know, feedparser would read the first four digits and add the month in which it is asked. It
is taught those formats here, and to leave what is no date alone. Pure. What ``parse_date`` gives is what feedparser
gives, as a time tuple in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from feedparser.datetimes import _date_handlers, _parse_date, registerDateHandler
from feedparser.datetimes.iso8601 import _parse_date_iso8601
from feedparser.datetimes.rfc822 import _parse_date_rfc822, timezone_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from time import struct_time

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_RFC_822: Final = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun), (\d\d?) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (\d{4})"
    r" (\d\d):(\d\d):(\d\d) (?:gmt|utc|z|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
_W3C: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:z|([+-])(\d\d):(\d\d))", re.ASCII)
_ISO: Final = re.compile(r"\d{4}-\d\d(?:-\d\d|\Z)|\d{8}(?!\d)", re.ASCII)
_YEAR_FIRST: Final = re.compile(
    r"(?P<y>\d{4})\s?[./年년]\s?(?P<m>\d\d?)\s?[./月월]\s?(?P<d>\d\d?)[.日일]?(?:\s\w요일|\s?\(\w\))?"
    r"(?:[\sT]*(?P<half>오전|오후|上午|下午|午前|午後)?\s?(?P<H>\d\d?)[:時时시]\s?(?P<M>\d\d)[:分분]?(?:\s?(?P<S>\d\d)[秒초]?)?)?"
    r"\s*(?:utc|gmt|z|(?P<zone>[a-z]{3,4}|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)))?",
    re.IGNORECASE,
)
_LATE_HALVES: Final = frozenset({"오후", "下午", "午後"})
_NOON: Final = 12
_MOST_MONTHS: Final = 12
_DIGITS: Final = re.compile(r"(?P<seconds>\d{10})(?:\d{3})?|\d{14}", re.ASCII)
_ZONES_H: Final = {
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "wib": 7, "hkt": 8, "sgt": 8, "pht": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
}  # fmt: skip
"""In hours before UTC; feedparser knows America's, and takes all others for UTC."""

_CYRILLIC_MONTHS: Final = (
    ("янв", "січ"), ("фев", "лют"), ("мар", "бер"), ("апр", "кві"), ("мая", "май", "тра"), ("июн", "чер"),
    ("июл", "лип"), ("авг", "сер"), ("сен", "вер"), ("окт", "жов"), ("ноя", "лис"), ("дек", "гру"),
)  # fmt: skip
_MONTH_OF: Final = {
    name: english for names, english in zip(_CYRILLIC_MONTHS, _MONTHS.split(), strict=True) for name in names
}
_CYRILLIC: Final = re.compile(
    r"(?:[^\W\d_]{2,11}\.?,?\s+)?(\d\d?)\s+([а-яіїєґ]{3})[а-яіїєґ]{0,6}\.?,?\s+(\d{4})(?:\s?(?:года|року|[гр])\b\.?)?"
    r",?(?:\s+(?:[воу]|об)(?=\s))?"
)
_NUMBERS: Final = re.compile(r"(\d\d?)([./-])(\d\d?)\2(\d{4})(?!\d),?", re.ASCII)
_HALF_DAY: Final = re.compile(r"\b(\d\d?)(:\d\d(?::\d\d)?)\s?([ap])\.?m\b\.?", re.ASCII)
_SHORT_ZONE: Final = re.compile(r"(?<=\s)(?:gmt|utc)?([+-])(\d\d?)(?::?(\d\d))?\Z", re.ASCII)
_WRITTEN_CHARS: Final = 80
_DATE_CHARS: Final = 200  # of text that is longer each format would look for a date in seconds


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


def _year_first(text: str) -> struct_time | None:
    """Such as "2024/6/17 22:29:00", "2024年6月17日 22:29" and "2024. 6. 17. 오후 10:29"; without a zone it is UTC."""
    found = _YEAR_FIRST.fullmatch(text.strip())
    if found is None:
        return None
    parts = found.groupdict()
    hour = int(parts["H"] or 0)
    if parts["half"]:
        hour = hour % _NOON + _NOON * (parts["half"] in _LATE_HALVES)
    zone = (parts["zone"] or "").lower()
    if zone and not parts["sign"] and zone not in _ZONES_H:
        return None
    offset = timedelta(hours=int(parts["hours"] or _ZONES_H.get(zone, 0)), minutes=int(parts["minutes"] or 0))
    year, month, day = map(int, found.group("y", "m", "d"))
    stamp = datetime(year, month, day, hour, int(parts["M"] or 0), int(parts["S"] or 0))  # noqa: DTZ001 - UTC
    return (stamp + offset if parts["sign"] == "-" else stamp - offset).utctimetuple()


def _nearly_rfc_822(text: str) -> struct_time | None:
    """Such as "6/17/2024 3:05:00 PM", "17 июня 2024, 15:05" and "Mon, 17 Jun 2024 22:29:00 +300", once put right."""
    lower = text[: _WRITTEN_CHARS + 1].strip().lower()
    if len(lower) > _WRITTEN_CHARS:
        return None
    mended = re.sub(r"\bмск\Z", "msk", lower)
    for pattern, put_right in (
        (_NUMBERS, _day_first), (_CYRILLIC, _in_english), (_HALF_DAY, _of_24_hours), (_SHORT_ZONE, _zone_in_full),
    ):  # fmt: skip
        mended = pattern.sub(put_right, mended, count=1)
    if mended == lower:
        return None
    # A time and a zone, for what has none: beside a day's name feedparser does not think of them.
    parsed: struct_time | None = _parse_date_rfc822(f"{mended.replace(',', ' ')} 0 0")
    return parsed


def _day_first(found: re.Match[str]) -> str:
    """As it stands where either number may be the month's."""
    first, second = int(found[1]), int(found[3])
    day, month = max(first, second), min(first, second)
    return f"{day} {_MONTHS.split()[month - 1]} {found[4]}" if day > _MOST_MONTHS >= month > 0 else found[0]


def _in_english(found: re.Match[str]) -> str:
    month = _MONTH_OF.get(found[2])
    return f"{found[1]} {month} {found[3]}" if month else found[0]


def _of_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1])
    return f"{hour % _NOON + _NOON * (found[3] == 'p') if hour <= _NOON else hour}{found[2]} "


def _zone_in_full(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]:0>2}{found[3] or '00'}"


def _digits(text: str) -> struct_time | None:
    """Seconds or milliseconds since 1970, or "20240617222900"."""
    found = _DIGITS.fullmatch(text.strip())
    if found is None:
        return None
    if found["seconds"]:
        return datetime.fromtimestamp(int(found["seconds"]), UTC).utctimetuple()
    return datetime.strptime(found[0], "%Y%m%d%H%M%S").utctimetuple()  # noqa: DTZ007 - UTC


def _iso(text: str) -> struct_time | None:
    """As feedparser's own, of what begins with a year and a month at least."""
    if not _ISO.match(text):
        return None
    parsed: struct_time | None = _parse_date_iso8601(text)
    return parsed


def _of_short_text(handler: Callable[[str], struct_time | None]) -> Callable[[str], struct_time | None]:
    return lambda text: handler(text) if len(text.strip()) <= _DATE_CHARS else None


timezone_names.update(_ZONES_H)
_date_handlers[_date_handlers.index(_parse_date_iso8601)] = _iso
registerDateHandler(_nearly_rfc_822)
registerDateHandler(_year_first)
registerDateHandler(_digits)
_date_handlers[:] = map(_of_short_text, _date_handlers)
