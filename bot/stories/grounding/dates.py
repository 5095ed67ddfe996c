"""Dates: days, months, years and days of the week must stand in a source. Resolves none against a clock."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bot.stories.facts import dates_in
from bot.stories.grounding.faults import Fault, FaultKind
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading

WHEN_CHARS: Final = 20
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|январ[яьюе]|феврал[яьюе]|марта?|апрел[яьюе]|мая|июн[яьюе]|июл[яьюе]|августа?"
    r"|сентябр[яьюе]|октябр[яьюе]|ноябр[яьюе]|декабр[яьюе]|січ(?:ня|ень|ні)|лют(?:ого|ий|ому)|берез(?:ня|ень|ні)"
    r"|квіт(?:ня|ень|ні)|трав(?:ня|ень|ні)|черв(?:ня|ень|ні)|лип(?:ня|ень|ні)|серп(?:ня|ень|ні)|верес(?:ня|ень|ні)|жовт(?:ня|ень|ні)"
    r"|листопад[аі]?|груд(?:ня|ень|ні))"
)
_MONTHS: Final = ("jan янв січ", "feb фев лют", "mar мар бер", "apr апр кві", "may мая тра", "jun июн чер",
                  "jul июл лип", "aug авг сер", "sep сен вер", "oct окт жов", "nov ноя лис", "dec дек гру")  # fmt: skip
_DAYS: Final = r"\d{1,2}(?:st|nd|rd|th)?(?:\s*(?:,|and|to|-|–|или|и|і|та|й)\s*\d{1,2}(?:st|nd|rd|th)?){0,8}"
_MONTH_DAYS: Final = re.compile(rf"\b({_MONTH})\.?\s+({_DAYS})\b(?!\s*(?:[:%]|\d))")
_DAYS_MONTH: Final = re.compile(rf"\b({_DAYS})\s+(?:of\s+)?({_MONTH})\b")
_ANY_MONTH: Final = re.compile(rf"\b{_MONTH}\b")
_ORDINAL_DAY: Final = re.compile(r"\b(?:on|until|by|from|since) (?:the )?(\d{1,2})(?:st|nd|rd|th)\b")
_LONE_MONTH: Final = re.compile(rf"\b(?:in|since|until|by|from|early|late|mid|last|next|в|с|до|у|з)[\s-]+({_MONTH})\b")
_CJK_DAY: Final = re.compile(r"(?:(\d{1,2})\s?[月월]\s?)?(\d{1,2})\s?[日일号號]")
_CJK_MONTH: Final = re.compile(r"(?<!\d)(\d{1,2})\s?[月월](?!\s?\d)")
_CJK_YEAR: Final = re.compile(r"(?:19|20)\d{2}\s?[年년]")
_YEAR: Final = re.compile(
    r"(?<!over )(?<!than )(?<!nearly )(?<!almost )(?<!понад )(?<!більше )(?<!более )(?<!свыше )(?<!около )(?<!близько )"
    r"\b(?:19|20)\d{2}\b(?!\s?(?:people|men|troops|soldiers|containers|명|人|名))"
)
_DECADE: Final = re.compile(r"\b((?:19|20)\d)0s\b")
_CLOCK: Final = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2}\.\d{2}\s?[ap]\.?m\b|\b\d{1,2}\s?(?:[ap]\.?m\b\.?|o'clock)")
_WEEKDAYS: Final = {
    word: number
    for number, words in enumerate(files(__package__).joinpath("weekdays.txt").read_text("utf-8").splitlines())
    for word in words.split()
}
_RELATIVE: Final = re.compile(
    r"\b(yesterday|tomorrow|tonight|(?:last|next|this|past|coming) (?:week|month|year|night|spring|summer|autumn|winter"
    r"|fall|decade|century))\b"
)
DATES: Final = (_MONTH_DAYS, _DAYS_MONTH, _CJK_YEAR, _CJK_DAY, _CJK_MONTH, _ORDINAL_DAY, _YEAR, _DECADE, _CLOCK)
"""What holds digits and is no number."""


def check_dates(sentence: Reading, sources: Sequence[Reading], context: Sequence[Reading] = ()) -> Iterator[Fault]:
    """Dates that no source bears out.

    Where the sources say no day of the week, ``context``, the text that they stand in, may: many say it once, on top.
    """
    given = {date for source in sources for date in _dates(source.text) | _months(source.text)}
    days = {date.rpartition("-")[2] for date in given if "-" in date}
    for date in sorted(_dates(sentence.text) - given):
        month, _, day = date.partition("-")
        if month == "??" and day in days:
            continue
        if day and f"??-{day}" in given:
            continue  # "on the 18th": the source leaves the month to its reader
        if not day and any(other.startswith(f"{month}-") for other in given):
            continue
        yield Fault(FaultKind.DATE, f"{date} is in no source")
    for decade in _DECADE.findall(normalise(sentence.text)):
        if not any(date.startswith(decade) for date in given | _decades(sources)):
            yield Fault(FaultKind.DATE, f"the {decade}0s are in no source")
    spoken, heard = _spoken(sentence.text), {each for source in sources for each in _spoken(source.text)}
    if not heard & _WEEKDAYS.keys():
        heard |= {each for reading in context for each in _spoken(reading.text)} & _WEEKDAYS.keys()
    for word in sorted(spoken - heard):
        if heard or word in _WEEKDAYS:
            yield Fault(FaultKind.DATE, f"{word} is in no source")


def _decades(sources: Sequence[Reading]) -> set[str]:
    return {decade for source in sources for decade in _DECADE.findall(normalise(source.text))}


def _dates(text: str) -> set[str]:
    """Days as "06-18", months as "06", years as "2024"; "??-18" where only the day is said."""
    text = normalise(text)
    found: set[str] = set(_YEAR.findall(text)) | {match.group()[:4] for match in _CJK_YEAR.finditer(text)}
    for match in _MONTH_DAYS.finditer(text):
        found |= {f"{_month(match[1])}-{int(day):02}" for day in re.findall(r"\d+", match[2])}
    for match in _DAYS_MONTH.finditer(text):
        found |= {f"{_month(match[2])}-{int(day):02}" for day in re.findall(r"\d+", match[1])}
    found |= {_month(match[1]) for match in _LONE_MONTH.finditer(text)}
    found |= {f"??-{int(match[1]):02}" for match in _ORDINAL_DAY.finditer(text)}
    found |= {f"{int(match[1]):02}" for match in _CJK_MONTH.finditer(text)}
    for match in _CJK_DAY.finditer(text):
        found.add(f"{int(match[1]):02}-{int(match[2]):02}" if match[1] else f"??-{int(match[2]):02}")
    return found | {date for date in dates_in(text) if "-" in date}


def _months(text: str) -> set[str]:
    """Every month that a text names, with or without a day."""
    text = normalise(text)
    named = {_month(match.group()) for match in _ANY_MONTH.finditer(text)}
    return named | {f"{int(match[1]):02}" for match in re.finditer(r"(\d{1,2})\s?[月월]", text)}


def _month(name: str) -> str:
    return next(f"{number:02}" for number, names in enumerate(_MONTHS, start=1) if name[:3] in names.split())


def _spoken(text: str) -> set[str]:
    text = normalise(text)
    days = {word for word in _WEEKDAYS if re.search(rf"(?<!\w){word}", text)}
    by_number = {next(word for word, number in _WEEKDAYS.items() if number == _WEEKDAYS[day]) for day in days}
    return by_number | set(_RELATIVE.findall(text))


def month_behind(text: str, end: int) -> str:
    """The month said within a few words behind a number: "61.8 percent in July"."""
    found = _LONE_MONTH.search(text, end, end + WHEN_CHARS)
    return _month(found[1]) if found else ""
