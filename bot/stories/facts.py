"""Picks names, numbers and dates out of a sentence: what tells one event from another that looks like it.

Spelling and capitals decide, no dictionary of people: so a name is any run of capitalised words inside a sentence. All
values are normalised strings that can be compared; nothing is looked up, and no date is resolved against a clock.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick

from bot.stories.numerals import CARDINALS, TENS, UNIT_BEHIND, UNITS
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED_LETTERS
from bot.text.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE_CASE_SHARE: Final = 0.8
_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶŁĻŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽА-ЯЁІЇЄҐΑ-Ω"
_NAME: Final = re.compile(
    rf"[{_CAPITAL}](?<![^\W_][{_CAPITAL}])[\w'’-]*"
    rf"(?:[ \u00a0](?:(?:de|van|von|der|bin|al|of|el|la) )?[{_CAPITAL}][\w'’-]*)*"
)
_PARTED: Final = re.compile(r"[\s'’-]+")
_INITIALISM: Final = re.compile(r"[A-Z](?<!\w[A-Z])\.(?:[A-Z]\.)+")
_KATAKANA_NAME: Final = re.compile(r"[ァ-ヶー]{3,}(?:[・=][ァ-ヶー]{2,})*")
_SENTENCE_OPENERS: Final = re.compile(r"(?:^|[.!?…:]\s+|[\"“«‘「(\[]\s*|[—–]\s+|\n)$")

_MONTH_NUMBER: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january январь января січень січня enero janvier januar",
            "feb february февраль февраля лютий лютого febrero février februar",
            "mar march март марта березень березня marzo mars märz",
            "apr april апрель апреля квітень квітня abril avril",
            "may май мая травень травня mayo mai",
            "jun june июнь июня червень червня junio juin juni",
            "jul july июль июля липень липня julio juillet juli",
            "aug august август августа серпень серпня agosto août",
            "sep sept september сентябрь сентября вересень вересня septiembre septembre",
            "oct october октябрь октября жовтень жовтня octubre octobre oktober",
            "nov november ноябрь ноября листопад листопада noviembre novembre",
            "dec december декабрь декабря грудень грудня diciembre décembre dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTHS: Final = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
# Each begins with the digit that it needs, or with a quick look for one: other patterns are tried at every letter.
_DAY_MONTH: Final = re.compile(rf"(\d(?<!\w\d)\d?)(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?({_MONTHS})\b")
_MONTH_DAY: Final = re.compile(rf"\b(?=[^\W\d_]+\.?\s+\d)({_MONTHS})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:%])")
_CJK_DATE: Final = re.compile(r"(\d\d?)\s?[月월]\s?(\d{1,2})\s?[日일号號]")
_DIGIT: Final = re.compile(r"\d")
_ISO_DATE: Final = re.compile(r"\d(?<!\w\d)\d{3}-(\d{2})-(\d{2})\b")
# Scripts without spaces put letters right before and behind their digits.
_SPACED_WORD: Final = rf"[^\W{UNSPACED_LETTERS}]"
_YEAR: Final = re.compile(rf"[12](?<!{_SPACED_WORD}[12])(?:(?<=1)9|(?<=2)0)\d{{2}}(?:\b|(?=[年년]))")
_CLOCK: Final = re.compile(r"\d(?<!\w\d)\d?:\d{2}\b")
_CJK_TIME: Final = re.compile(
    r"\d(?<!\d\d)\d?(?:[月월]|[日일](?!\s?(?:間|间|간|째|동안|만에|연속|連続|连续|ぶり))|[時时시](?![間间간])(?:\s?\d\d?[分분])?)"
)
"""Days, months and hours that stand alone: "7日", "오후 3시 20분". What lasted ("3日間") is a number."""

# Arabic writes "and", "by" and "to" to the number behind them.
_NUMBER: Final = re.compile(
    rf"\d(?:(?<!{_SPACED_WORD}\d)|(?<=(?<!\w)[وفبلك]\d))(?<!\d\.\d)(?<!\d,\d)\d*(?:[.,\u00a0\u202f]\d{{3}}(?!\d))*(?:[.,]\d+)?"
)
_SCALE: Final = re.compile(
    r"\s*(?:-\s*)?(hundred|thousand|million|milliard|billion|trillion|mn|bn|mio\b|mrd\b|tausend|mille\b|mil\b"
    r"|тыс|тысяч\w*|млн|миллион\w*|млрд"
    r"|миллиард\w*|тис|тисяч\w*|мільйон\w*|мільярд\w*|万|萬|만|億|亿|억|兆|조|(?<=\d)[千천][万萬만億亿억]?"
    r"|أل[فا]ا?\b|آلاف|مليون|ملايين|مليار|هزار|میلیون|میلیارد|हज़?ार|हज़ार|लाख|करोड़|milh[ãõ]\w+|bilh[ãõ]\w+|bin\b|mily\w+)"
)
_SCALES: Final = (
    ("hundred", 100), ("thousand", 1000), ("тыс", 1000), ("тис", 1000), ("million", 10**6),
    ("milh", 10**6), ("bilh", 10**9), ("milyo", 10**6), ("milya", 10**9), ("bin", 1000),
    ("أل", 1000), ("آلاف", 1000), ("مليار", 10**9), ("ملي", 10**6), ("ملايين", 10**6), ("هزار", 1000),
    ("میلیون", 10**6), ("میلیارد", 10**9), ("ह", 1000), ("लाख", 10**5), ("करोड़", 10**7),
    ("mn", 10**6), ("млн", 10**6), ("миллион", 10**6), ("мільйон", 10**6), ("billion", 10**9),
    ("bn", 10**9), ("млрд", 10**9), ("миллиард", 10**9), ("мільярд", 10**9), ("trillion", 10**12),
    ("万", 10**4), ("萬", 10**4), ("만", 10**4), ("億", 10**8), ("亿", 10**8), ("억", 10**8), ("兆", 10**12),
    ("조", 10**12), ("千", 1000), ("천", 1000), ("milliard", 10**9), ("mrd", 10**9), ("mio", 10**6),
    ("tausend", 1000), ("mil", 1000),
)  # fmt: skip
_CJK_SCALES: Final = frozenset("万萬만億亿억兆조千천")
_NUMBER_WORDS: Final = {word: number for word, number in CARDINALS.items() if number > 1} | {"dozen": 12}
_SPELT_OUT: Final = AhoCorasick(list(_NUMBER_WORDS))
_DIGITS: Final = re.compile(r"\d+")
_REACH_WORDS: Final = 3
"""How far a number's scale and a day's month stand from their digits, at most: "3 - million", "12 of June"."""
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ANY_STOP_WORD: Final = frozenset().union(*STOP_WORDS.values())
_UNSPACED: Final = re.compile(f"[{UNSPACED_LETTERS}]")


def names_in(text: str) -> frozenset[str]:
    """Names as normalised words joined without spaces, and each word of theirs: "Kim Jong-un" gives kimjongun, kim, ...

    The first word of a sentence counts only as the beginning of a longer name, since any word may stand there.
    """
    found: set[str] = set()
    for match in _NAME.finditer(text):
        words = _words_of(match.group())
        if not words:
            continue
        opens = _opens(text[max(0, match.start() - 4) : match.start()])
        found.update(words[1:] if opens else words)
        if opens and len(words) > 1:
            found.add(words[0])
        if len(words) > 1:
            found.add("".join(words))
    found.update(_letters(match.group()) for match in _INITIALISM.finditer(text))
    if _UNSPACED.search(text):
        found.update(normalise(match.group()) for match in _KATAKANA_NAME.finditer(text))
    return frozenset(found)


def _opens(before: str) -> bool:
    """Whether a sentence begins behind these characters."""
    if before[-1:] == " " and before[-2:-1].isalnum():
        return False  # by far the most frequent answer
    return bool(_SENTENCE_OPENERS.search(before))


def is_title_case(headline: str) -> bool:
    """Whether a headline is written with a capital on nearly every word."""
    words = [word for word in _WORD.findall(headline) if word.casefold() not in _ANY_STOP_WORD]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > 2 and capitals >= TITLE_CASE_SHARE * len(words)  # noqa: PLR2004 - two names make no title case


def dates_in(text: str) -> frozenset[str]:
    """Days as "06-18" and years as "2024"; a day without its month is no date."""
    return dates_of(normalise(text))


def dates_of(text: str) -> frozenset[str]:
    """As ``dates_in``, of a text that is normalised already."""
    if not _DIGIT.search(text):
        return frozenset()
    found = {_day(match[2], match[1]) for match in _DAY_MONTH.finditer(text)}
    found |= {_day(match[1], match[2]) for match in _MONTH_DAY.finditer(text)}
    found |= {f"{int(match[1]):02}-{int(match[2]):02}" for match in _CJK_DATE.finditer(text)}
    found |= {f"{match[1]}-{match[2]}" for match in _ISO_DATE.finditer(text)}
    found |= set(_YEAR.findall(text))
    return frozenset(found)


def numbers_in(text: str) -> frozenset[str]:
    """Numbers as plain digits, with their scale worked in: "11,000", "11 thousand" and "1.1万" are all "11000".

    Days, years and clock times are not numbers here.
    """
    return numbers_of(normalise(text))


def numbers_of(text: str) -> frozenset[str]:
    """As ``numbers_in``, of a text that is normalised already."""
    for dates in (_DAY_MONTH, _MONTH_DAY, _CJK_DATE, _ISO_DATE, _YEAR) if _DIGIT.search(text) else ():
        text = dates.sub(" ", text)
    text = _CLOCK.sub(" ", text)
    found = set(map(_plain, _amounts(_CJK_TIME.sub(" ", text))))
    if _NUMBER_WORDS.keys().isdisjoint(_WORD.findall(text)):
        return frozenset(found)
    for value, end in _spelt_out(text):
        scale = _SCALE.match(text, end)
        found.add(_plain(value * _scale(scale[1]) if scale else value))
    return frozenset(found)


def _spelt_out(text: str) -> Iterator[tuple[int, int]]:
    """The numbers in words, each with where it ends; "forty-five" is one."""
    end = 0
    for match in _WORD.finditer(text):
        value = _NUMBER_WORDS.get(match.group())
        if value is None or match.start() < end:
            continue
        unit = UNIT_BEHIND.match(text, match.end()) if value in TENS else None
        end = unit.end() if unit else match.end()
        yield value + (UNITS[unit["unit"]] if unit else 0), end


def _amounts(text: str) -> list[float]:
    """The numbers in digits with their scales; "1万1000" and "1만 1천" are one."""
    found: list[float] = []
    end, factor = -1, 1
    for match in _NUMBER.finditer(text):
        goes_on = end >= 0 and text[end : match.start()] in {"", " "}
        room = factor
        scale = _SCALE.match(text, match.end())
        factor = _scale(scale[1]) if scale else 1
        value = _value(match.group()) * factor
        if goes_on and value < room:
            found[-1] += value
        else:
            found.append(value)
        end = scale.end() if scale and scale[1][0] in _CJK_SCALES else -1
    return found


def near_figures(text: str) -> str:
    """What ``dates_of`` and ``numbers_of`` read of a normalised text: some words around each digit and number word.

    The text is one that ``displayable`` has left, where white space does not come in runs.
    """
    places = [found.start() for found in _DIGITS.finditer(text)]
    places += [
        start
        for _, start, end in _SPELT_OUT.find_matches_as_indexes(text, overlapping=True)
        if _parted(text, start, end)
    ]
    kept: list[str] = []
    begin = end = 0
    for place in sorted(places):
        start, stop = place, place
        for _ in range(_REACH_WORDS):
            start = text.rfind(" ", end, start) if start > end else -1
        for _ in range(_REACH_WORDS + 1):
            stop = text.find(" ", stop + 1) if stop >= 0 else -1
        if start >= end:
            kept.append(text[begin:end])
            begin = start
        end = max(end, stop) if stop >= 0 else len(text)
    kept.append(text[begin:end])
    return "\n".join(kept)


def _parted(text: str, start: int, end: int) -> bool:
    """Whether what stands here is no part of a longer word."""
    return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())


@lru_cache(maxsize=2048)
def _words_of(name: str) -> tuple[str, ...]:
    """The words of a name, normalised; none that only opens a sentence before it."""
    words = [word for word in map(_letters, _PARTED.split(name)) if len(word) > 1]
    while words and words[0] in _ANY_STOP_WORD:
        del words[0]
    return tuple(words)


def _letters(word: str) -> str:
    return "".join(char for char in normalise(word) if char.isalnum())


def _day(month: str, day: str) -> str:
    return f"{_MONTH_NUMBER[month]:02}-{int(day):02}"


def _value(digits: str) -> float:
    digits = re.sub(r"[,  .](?=\d{3}(?:\D|$))", "", digits)
    return float(digits.replace(",", "."))


def _scale(word: str) -> int:
    first = next(factor for prefix, factor in _SCALES if word.startswith(prefix))
    return first * _scale(word[1:]) if word[0] in _CJK_SCALES and word[1:] else first


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
