"""Reading an article that was saved as plain text: which line is the headline, when it was, who wrote it.

Pure: text and the file's name in, an entry out. What is left of the page's furniture is for the cleaning to take out.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time
from typing import Final

from bot import limits
from bot.feeds.fields import absolute, iso_moment, keepable, language, one_line, plausible
from bot.model import ParsedEntry

_HEAD_LINES: Final = 12
_HEADLINE_CHARS: Final = 220
_HEADLINE_WORDS: Final = 4
_HEADLINE_LETTERS: Final = 12  # of a script that is written without spaces
_NO_SPACES: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_NAME_DATE: Final = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_CLOCK: Final = r"(?:[T,\s]+(?P<H>\d{1,2}):(?P<M>\d{2}))?"
_TEXT_DATES: Final = tuple(
    re.compile(day + _CLOCK)
    for day in (
        r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?<!\d)(?P<y>\d{4})[年년]\s*(?P<m>\d{1,2})[月월]\s*(?P<d>\d{1,2})[日일]",
        r"(?<!\d)(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}|\d{2}(?!\d))",
        r"(?<!\d)(?P<d>\d{1,2})\.?\s+(?P<name>[^\W\d_]{3,10})\.?,?\s+(?P<y>\d{4})",
        r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})",
    )
)
# The first three letters of the months in English, Ukrainian and Russian.
_MONTH_NAMES: Final = (
    ("jan", "янв", "січ"), ("feb", "фев", "лют"), ("mar", "мар", "бер"), ("apr", "апр", "кві"),
    ("may", "мая", "тра"), ("jun", "июн", "чер"), ("jul", "июл", "лип"), ("aug", "авг", "сер"),
    ("sep", "сен", "вер"), ("oct", "окт", "жов"), ("nov", "ноя", "лис"), ("dec", "дек", "гру"),
)  # fmt: skip
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_DATE_LINE_EXTRA_CHARS: Final = 25

_LABEL: Final = re.compile(
    r"(?i)^(source|источник|джерело|출처|来源|來源|出典|url|link|title|date|lang)\s*[:：]\s*(\S.*)$"
)
_LABEL_FIELDS: Final = {"url": "url", "link": "url", "title": "title", "date": "date", "lang": "lang"}
_SOURCE_WORDS: Final = 4
_DATELINE: Final = re.compile(r"^\(([A-Z][\w .&-]{1,30})\)\s*[-–—]")
_FURNITURE_CHARS: Final = 80
_FURNITURE: Final = re.compile(
    r"(?i)^(?:connect with us|follow us|share( this)?( article| post)?|menu|home|skip to( main)? content|sign in"
    r"|log ?in|subscribe( now)?|search|advertisement|breaking( news)?|read more|continue reading|print"
    r"|listen to (?:this )?article|by .{2,40}|•?\s*\d[\d\s.,]*\s*(?:views|просмотр\w*|перегляд\w*))\W*$"
)


def read_article(text: str, *, name: str) -> ParsedEntry:
    """Read a saved article. ``name`` is the file's name without its ending ("ctn_2023-08-30").

    The headline is the first line that reads like one; the date comes from the file's name, or from a line of the
    opening that is nothing but a date (which adds the time where both agree); the source is what the file's name says
    before the date, else a "Source:" line, else the agency in the dateline. Times without a zone are taken as UTC. The
    id depends on the content alone. The title is "" where no line can be one.
    """
    fields, lines = _labels([line.strip() for line in text.splitlines()])
    index = _headline_index(lines)
    title = fields.get("title") or (_unmarked(lines[index]) if index is not None else "")
    start = 0 if index is None or "title" in fields else index + 1
    body = [line for line in lines[start:] if line and _unmarked(line) != title]
    outlet, dated = _from_name(name)
    stated = _stated(fields, lines[:_HEAD_LINES])
    moment = stated if stated is not None and dated in {None, stated.date()} else None
    if moment is None and dated is not None:
        moment = plausible(datetime.combine(dated, time(), UTC))
    dateline = next((found[1] for found in map(_DATELINE.match, body[:3]) if found), None)
    digest = hashlib.sha256("\n".join([title, *body]).encode("utf-8", "replace")).hexdigest()
    return ParsedEntry(
        guid=f"sha256:{digest[:32]}",
        url=absolute(fields.get("url", ""), ""),
        title=one_line(title, limit=limits.TITLE_CHARS),
        body=keepable("\n".join(body), limit=limits.TEXT_CHARS),
        published_at=moment,
        lang=language(fields.get("lang")),
        source=one_line(outlet or fields.get("source") or dateline or "", limit=100) or None,
    )


def _labels(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take "Source: X" and its like (a Markdown file's front matter included) out of the opening lines."""
    fields: dict[str, str] = {}
    rest: list[str] = []
    for number, line in enumerate(lines):
        found = _LABEL.match(line) if number < _HEAD_LINES else None
        key = _LABEL_FIELDS.get(found[1].lower(), "source") if found else ""
        value = found[2].strip().strip("\"'") if found else ""
        if key and key not in fields and _is_field(key, value):
            fields[key] = value
        elif not (line == "---" and number < _HEAD_LINES):
            rest.append(line)
    return fields, rest


def _is_field(key: str, value: str) -> bool:
    """Whether a labelled value can be what its label says: "Source: Kim will go to Moscow" is a headline."""
    match key:
        case "source":
            return len(value.split()) <= _SOURCE_WORDS
        case "url":
            return bool(absolute(value, ""))
        case "date":
            return iso_moment(value) is not None or _date_in(value) is not None
    return True


def _headline_index(lines: list[str]) -> int | None:
    """The first line that is long enough and neither a date nor furniture; if that is a paragraph, the line before."""
    candidates = [
        number
        for number, line in enumerate(lines)
        if any(char.isalpha() for char in line) and not _is_furniture(line) and not _is_date_line(line)
    ]
    for before, number in zip([None, *candidates], candidates, strict=False):
        if _is_long_enough(lines[number]):
            return number if before is None or len(lines[number]) <= _HEADLINE_CHARS else before
    return candidates[0] if candidates else None


def _is_furniture(line: str) -> bool:
    return len(line) <= _FURNITURE_CHARS and _FURNITURE.match(line) is not None


def _is_long_enough(line: str) -> bool:
    return len(line.split()) >= _HEADLINE_WORDS or (
        len(line) >= _HEADLINE_LETTERS and len(_NO_SPACES.findall(line)) * 2 > len(line)
    )


def _unmarked(line: str) -> str:
    """The line without Markdown's heading and emphasis marks."""
    return line.lstrip("#").strip().strip("*_").strip()


def _from_name(name: str) -> tuple[str | None, date | None]:
    """The outlet and the day that a file's name gives: "ctn_2023-08-30" is ("ctn", 30 August 2023)."""
    for found in _NAME_DATE.finditer(name):
        try:
            day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
        except ValueError:
            continue
        if plausible(day) is not None:
            return name[: found.start()].strip(" _-.").replace("_", " ") or None, day.date()
    return None, None


def _stated(fields: dict[str, str], opening: list[str]) -> datetime | None:
    """The date that the text itself gives: in a "Date:" line, else in a line of its own."""
    given = fields.get("date")
    if given is not None:
        moment = iso_moment(given) or _date_in(given)
        if moment is not None:
            return moment
    return next((_date_in(line) for line in opening if _is_date_line(line)), None)


def _is_date_line(line: str) -> bool:
    """Whether a line holds a date and hardly anything else."""
    return len(line) <= 2 * _DATE_LINE_EXTRA_CHARS + 10 and _date_in(line) is not None and _is_bare(line)


def _is_bare(line: str) -> bool:
    matches = (pattern.search(line) for pattern in _TEXT_DATES)
    return any(found and len(line) - len(found[0]) <= _DATE_LINE_EXTRA_CHARS for found in matches)


def _date_in(line: str) -> datetime | None:
    for pattern in _TEXT_DATES:
        found = pattern.search(line)
        if found is None:
            continue
        parts = found.groupdict()
        month = _MONTHS.get(parts["name"][:3].lower()) if parts.get("name") else int(parts["m"])
        try:
            return plausible(
                datetime(
                    _year(parts["y"]),
                    month or 0,
                    int(parts["d"]),
                    int(parts["H"] or 0),
                    int(parts["M"] or 0),
                    tzinfo=UTC,
                )
            )
        except ValueError:
            continue
    return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)  # noqa: PLR2004 - "2024", else "24"
