"""Times as people type them: hours, spans, weekdays, durations, digests. Pure, and total: None where it is none.

``8``, ``8am``, ``8.00``, ``20:15``, ``22-7``, ``10pm to 7am``, ``Mon``, ``понедельник``, ``8h``, ``3 days``.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Final

from bot.preferences import MORNING, Every, QuietHours, Rhythm

_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?:h|uhr|ч|год|시)?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE
)
_COMPACT: Final = re.compile(r"(\d{2})(\d{2})")
_BETWEEN: Final = re.compile(r"\s*(?:-|–|—|~|\bto\b|\buntil\b|\btill\b|\bдо\b)\s*", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>[^\W\d]+)\.?", re.IGNORECASE)
_NOON: Final = 12
_LAST_HOUR: Final = 24

# Whole words alone: "monthly" is no Monday. With their cases, and "Mondays".
_WEEKDAYS: Final = (
    r"mon(?:days?)?|пн|пон|понедельник(?:и|ам)?|понеділ(?:ок|ки|кам)|월(?:요일)?",
    r"tue(?:s|sdays?)?|вт|вівт?|вторник(?:и|ам)?|вівтор(?:ок|ки|кам)|화(?:요일)?",
    r"weds?|wednesdays?|ср|сер|сред[ауы]|средам|серед[ауи]|середам|수(?:요일)?",
    r"thu(?:r|rs|rsdays?)?|чт|чет|четверг(?:и|ам)?|четвер(?:ги|гам)?|목(?:요일)?",
    r"fri(?:days?)?|пт|п['’]?ят|пятниц[ауы]|пятницам|п['’]ятниц[яюі]|п['’]ятницям|금(?:요일)?",
    r"sat(?:urdays?)?|сб|суб|суб+от[ауыи]|суб+отам|토(?:요일)?",
    r"sun(?:days?)?|вс|вос|воскресень[ея]|воскресеньям|нд|нед|неділ[яюі]|неділям|일(?:요일)?",
)
_MONTH: Final = timedelta(days=30)
# Whole words alone: the topic "737 Max" is no number of minutes, nor "COP 29 deal" one of days.
_UNITS: Final = (
    (r"mo|mos|months?|мес|месяц(?:а|ев)?|міс|місяц(?:ь|і|ів)|개월|달", _MONTH),
    (r"m|mins?|minutes?|м|мин|минут[аыу]?|хв|хвилин[аиу]?|분", timedelta(minutes=1)),
    (r"h|hrs?|hours?|ч|час(?:а|ов)?|г|год|годин[аиу]?|시|시간", timedelta(hours=1)),
    (r"d|days?|д|дн|день|дн[яі]|дней|днів|сут|сут(?:ки|ок)|일", timedelta(days=1)),
    (r"w|wks?|weeks?|н|нед|недел[яиюь]|т|тиж|тиждень|тижн[яі]|тижнів|주|주일", timedelta(weeks=1)),
    (r"y|yrs?|years?|년", timedelta(days=365)),
)
_HOURS: Final = re.compile(r"\d{1,2} ?(?:h|ч|год)")
_AT_WORDS: Final = frozenset({"at", "в", "о"})
_FILL_WORDS: Final = _AT_WORDS | {"on", "every", "по"}

FOREVER: Final = timedelta.max
"""A duration without an end."""

LONGEST: Final = timedelta(days=366)
_FOREVER_WORDS: Final = frozenset({"forever", "always", "навсегда", "назавжди", "계속"})
OFF_WORDS: Final = frozenset({"off", "none", "no", "stop", "never", "0", "выкл", "нет", "вимк", "ні", "끄기"})
ON_WORDS: Final = frozenset({"on", "yes", "вкл", "да", "увімк", "так", "켜기"})
_EVERY: Final = {
    Every.HOURLY: ("hourly", "hour", "ежечасно", "щогодини", "매시간"),
    Every.DAILY: ("daily", "day", "ежедневно", "щодня", "매일"),
    Every.WEEKLY: ("weekly", "week", "еженедельно", "щотижня", "매주"),
}


def read_time(text: str) -> time | None:
    """A time of day: 8, 8am, 8:00, 8.30, 0800, 20h. 24:00 is midnight."""
    text = text.strip().lower()
    compact = _COMPACT.fullmatch(text)
    match = _TIME.fullmatch(f"{compact[1]}:{compact[2]}" if compact else text)
    if match is None:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"].startswith("p") else 0)
    if (hour, minute) == (_LAST_HOUR, 0):
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        return None


def read_span(text: str) -> QuietHours | None:
    """From one time of day to another: 22:00-07:00, 22-7, 10pm to 7am. None for an empty span."""
    parts = _BETWEEN.split(text.strip())
    if len(parts) != 2:  # noqa: PLR2004 - a start and an end
        return None
    start, end = read_time(parts[0]), read_time(parts[1])
    return QuietHours(start, end) if start is not None and end is not None and start != end else None


def read_weekday(text: str) -> int | None:
    """0 for Monday: Mon, Monday, пн, понедельник, понеділок, 월요일."""
    word = text.strip().casefold().rstrip(".,")
    return next((number for number, names in enumerate(_WEEKDAYS) if re.fullmatch(names, word)), None)


def read_duration(text: str) -> timedelta | None:
    """How long: 30m, 8h, 24 hours, 3 days, 2w, 1 month, forever; at most about a year."""
    text = text.strip().casefold()
    if text in _FOREVER_WORDS:
        return FOREVER
    match = _AMOUNT.fullmatch(text)
    unit = next((unit for names, unit in _UNITS if re.fullmatch(names, match["unit"])), None) if match else None
    if match is None or unit is None:
        return None
    length = int(match["number"]) * unit
    return length if timedelta() < length <= LONGEST else None


def read_rhythm(text: str) -> Rhythm | None:
    """How digests come: off, hourly, daily 08:00, weekly Mon 08:00; a time alone is a daily one.

    "2h" alone is none: it may be every two hours, or at two.
    """
    said = text.casefold().split()
    words = [word for word in said if word not in _FILL_WORDS]
    if not words:
        return None
    if words[0] in OFF_WORDS:
        return Rhythm() if len(words) == 1 else None
    every = next((each for each, names in _EVERY.items() if words[0] in names), None)
    rest = words[1:] if every else words
    weekday = read_weekday(rest[0]) if rest else None
    if weekday is not None and every in (None, Every.WEEKLY):
        every, rest = Every.WEEKLY, rest[1:]
    if every is Every.HOURLY:
        return Rhythm(every) if not rest else None
    if every is None and not _AT_WORDS.intersection(said) and _HOURS.fullmatch(" ".join(rest)):
        return None
    at = read_time("".join(rest)) if rest else MORNING
    if at is None:
        return None
    return Rhythm(every or Every.DAILY, at, weekday or 0)


def as_typed(rhythm: Rhythm) -> str:
    """The rhythm as one would type it."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    match rhythm.every:
        case Every.DAILY:
            return f"daily {rhythm.at:%H:%M}"
        case Every.WEEKLY:
            return f"weekly {days[rhythm.weekday]} {rhythm.at:%H:%M}"
        case every:
            return every.value


def length_as_typed(length: timedelta) -> str:
    """A duration as one would type it: "8h", "7d"."""
    if length == FOREVER:
        return "forever"
    hours, rest = divmod(length, timedelta(hours=1))
    if rest:
        return f"{length // timedelta(minutes=1)}m"
    days, odd = divmod(hours, 24)
    return f"{hours}h" if odd or days < 2 else f"{days}d"  # noqa: PLR2004 - "24h" reads better than "1d"
