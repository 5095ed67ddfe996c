"""Dates as people read them: in the language that is spoken, on the clocks of its zone. Pure: "now" is passed in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton, get_datetime_format

from bot.speech import ENGLISH, _, language, ngettext, number, zone

if TYPE_CHECKING:
    from datetime import date

_MINUTE_S = 60
_HOUR_S = 3600
_DAY_S = 86_400


def day(at: date) -> str:
    """A day, such as "17 Jun 2024"; a moment's is that of the zone."""
    at = _here(at) if isinstance(at, datetime) else at
    if language() == ENGLISH:
        return format_date(at, "d MMM y", locale=ENGLISH)  # CLDR's own puts the month first, as only Americans do
    return format_skeleton("yMMMd", at, locale=language())


def short_day(at: date) -> str:
    """A day of a year that is known: "17 Jun"."""
    if language() == ENGLISH:
        return str(format_date(at, "d MMM", locale=ENGLISH))
    return format_skeleton("MMMd", at, locale=language())


def moment(at: datetime) -> str:
    """A moment, such as "17 Jun 2024, 22:29 UTC"; a time of midnight means that only the day is known."""
    if _is_bare(at):
        return day(at)
    here = _here(at)
    return _together(day(at), f"{here:%H:%M} {_zone_name(here)}")


def _here(at: datetime) -> datetime:
    """A moment on the zone's clocks; a day whose hour nobody gave is the same everywhere."""
    return at if _is_bare(at) else at.astimezone(ZoneInfo(zone()))


def _is_bare(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _zone_name(here: datetime) -> str:
    """What people there call their time: "KST", "EEST"; "UTC+5:30" where it has no name."""
    name = here.tzname() or ""
    if name[:1] not in ("+", "-"):
        return name
    return f"UTC{name[0]}{int(name[1:3])}{':' * bool(name[3:])}{name[3:]}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A moment of these weeks on a zone's clock: "Wed 19 Jun, 08:00"."""
    here = at.astimezone(zone)
    if language() == ENGLISH:
        return format_datetime(here, "EEE d MMM, HH:mm", tzinfo=zone, locale=ENGLISH)
    return _together(format_skeleton("MMMEd", here, tzinfo=zone, locale=language()), f"{here:%H:%M}")


def _together(date: str, time: str) -> str:
    """A date and a time as the language joins them."""
    return str(get_datetime_format("medium", locale=language())).format(time, date)


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in one unit: "just now", "3 min ago", "5 h ago", "2 days ago"; "in 4 min" for what is to come."""
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    if size < _MINUTE_S:
        return _("just now") if seconds >= 0 else _("in a moment")
    past, count = seconds >= 0, int(size // _MINUTE_S)
    if size < _HOUR_S:
        many = ngettext("{count} min ago", "{count} min ago", count) if past else _in_minutes(count)
    elif size < 2 * _DAY_S:
        count = int(size // _HOUR_S)
        many = ngettext("{count} h ago", "{count} h ago", count) if past else _in_hours(count)
    else:
        count = int(size // _DAY_S)
        many = ngettext("{count} day ago", "{count} days ago", count) if past else _in_days(count)
    return many.format(count=number(count))


def _in_minutes(count: int) -> str:
    return ngettext("in {count} min", "in {count} min", count)


def _in_hours(count: int) -> str:
    return ngettext("in {count} h", "in {count} h", count)


def _in_days(count: int) -> str:
    return ngettext("in {count} day", "in {count} days", count)
