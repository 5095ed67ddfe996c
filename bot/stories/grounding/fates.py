"""How many were killed, and how many hurt: a number must not change from the dead to the injured, or back.

A word of fate right before a number is the number's, or the next one behind it. In other languages than English only
numbers in digits are looked at, and only where the source says of the very number what befell those counted.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from bot.stories.fates import fates_in
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.figures import is_numeral

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 8
BEFORE: Final = 4
_FATES: Final = (
    (re.compile(r"(?:kill|murder|slain|drown)\w*|dead|die[ds]?|deaths?|dying|lives"), "dead"),
    (re.compile(r"(?:injur|wound|hurt|maim)\w*"), "hurt"),
    (re.compile(r"missing"), "missing"),
    (re.compile(r"arrest\w*|detain\w*"), "arrested"),
)
_DIGITS: Final = re.compile(r"\d+")
_BOTH: Final = "struck"
_COUNTS: Final = frozenset({"dozens", "scores", "hundreds", "thousands", "several"})


def check_fates(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Numbers of the dead here that count the injured there."""
    if any(source.lang != sentence.lang for source in sources):
        return
    if sentence.lang != "en":
        yield from _swapped(sentence.text, [source.text for source in sources])
        return
    theirs = [pair for source in sources for pair in _counted(source)]
    for number, fate in _counted(sentence):
        fates = {other for count, other in theirs if count == number}
        if fates and fate not in fates:
            yield Fault(FaultKind.NUMBER, f"{number} counts something else in the source")


def _swapped(sentence: str, sources: Sequence[str]) -> Iterator[Fault]:
    theirs = [pair for source in sources for pair in _befallen(source)]
    for number, fate in _befallen(sentence):
        fates = {other for count, other in theirs if count == number}
        if fates and fate not in fates and _BOTH not in {fate, *fates}:
            yield Fault(FaultKind.NUMBER, f"{number} counts something else in the source")


def _befallen(text: str) -> list[tuple[str, str]]:
    """Numbers in digits, each with what befell those counted, where the text says so."""
    places = list(_DIGITS.finditer(text))
    fates = fates_in(text, [(place.start(), place.end()) for place in places])
    return [(place[0], fate.kind) for place, fate in zip(places, fates, strict=True) if fate]


def _counted(reading: Reading) -> set[tuple[str, str]]:
    """Numbers, as they are written, each with what has befallen those whom it counts."""
    counts = {word.place for word in reading.words if is_numeral(word.plain) or word.plain in _COUNTS}
    found = ((reading.words[place].plain, _fate(reading, place, counts)) for place in counts)
    return {(number, fate) for number, fate in found if fate}


def _fate(reading: Reading, place: int, counts: set[int]) -> str:
    """The fate right before a number ("killing nine"), or else the next behind it; an "and" ends the search."""
    around = reading.words[place].clause, counts - {place}
    before = takewhile(lambda word: _is_near(word, *around), reversed(reading.words[max(0, place - BEFORE) : place]))
    behind = takewhile(lambda word: _is_near(word, *around), reading.words[place + 1 : place + REACH])
    words = (word.plain for word in (*before, *behind))
    return next((fate for word in words for shape, fate in _FATES if shape.fullmatch(word)), "")


def _is_near(word: Word, clause: int, counts: set[int]) -> bool:
    return word.clause == clause and word.place not in counts and word.plain != "and"
