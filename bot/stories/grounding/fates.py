"""How many were killed, and how many hurt: a number must not change from the dead to the injured, or back.

English alone: a word of fate right before a number is the number's, or the next one behind it.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

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
_COUNTS: Final = frozenset({"dozens", "scores", "hundreds", "thousands", "several"})


def check_fates(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Numbers of the dead here that count the injured there."""
    if sentence.lang != "en" or any(source.lang != "en" for source in sources):
        return
    theirs = [pair for source in sources for pair in _counted(source)]
    for number, fate in _counted(sentence):
        fates = {other for count, other in theirs if count == number}
        if fates and fate not in fates:
            yield Fault(FaultKind.NUMBER, f"{number} counts something else in the source")


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
