"""Opposites beside one and the same figure, and the whole that a part is of.

An article often has both "raised" and "cut": what is said of "5.25%" is what the clauses say that give this figure. So
a text that has both words bears out neither everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.claims import is_change, is_negated
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.support import is_borne, opposites
from bot.stories.numerals import CARDINALS
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

_REACH: Final = 12
"""How many words before a change or behind it its figure may stand."""
_NOT_OF_FIGURES: Final = frozenset({"before", "after", "first", "last", "final", "more", "less", "fewer"})
_NUMBER: Final = rf"\d[\d.,]*|(?:{'|'.join(sorted(CARDINALS, key=len, reverse=True))})"
_PERCENT: Final = re.compile(r"\s?(?:%|per ?cent\b)")
_PART_OF: Final = re.compile(
    rf"(?<![\w.,])(?P<part>{_NUMBER})(?:\s[^\W\d_]+)?\s(?:of|out of|из|з|із|von|der|des|de|sur)\s"
    rf"(?:[^\W\d_]+\s)?(?P<whole>{_NUMBER})(?![\w.,]*\s?%)(?!\w)"
)
_OF_WHOLE: Final = re.compile(
    r"(?P<whole>\d[\d.,]*)[^\d\s.,]*\s?(?:[^\W\d_]+\s?)?(?:중|가운데|のうち|中的|中有?)\s?(?P<part>\d[\d.,]*)"
)


def check_opposed(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """What rose here by a figure by which it fell in every source, and "12 of its 3"."""
    yield from _turned_part(sentence, sources)
    if sentence.lang == "en" and all(source.lang == "en" for source in sources):
        yield from _turned_change(sentence, sources)


def _turned_part(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    given = {pair for source in sources for pair in _parts(source.text)}
    for part, whole in _parts(sentence.text):
        if (part, whole) not in given and (whole, part) in given:
            yield Fault(FaultKind.NUMBER, f"{part} of {whole}: the source says {whole} of {part}")


def _parts(text: str) -> set[tuple[str, str]]:
    """Each number that is a part, with the whole that it is of, as they are written in digits."""
    text = normalise(text)
    found = (match for shape in (_PART_OF, _OF_WHOLE) for match in shape.finditer(text))
    return {(_digits(match["part"]), _digits(match["whole"])) for match in found}


def _digits(number: str) -> str:
    return str(CARDINALS.get(number, number.strip(".,")))


def _turned_change(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    for word in sentence.words:
        figures = _figures_near(sentence, word)
        for mine, other in opposites() if figures and _is_telling(sentence, word) else ():
            if (word.stem or word.plain) not in mine or _has(sentence, word.clause, other):
                continue
            places = [
                (source, at.clause) for source in sources for at in source.words if _figure(source, at) in figures
            ]
            against = any(_has(source, clause, other) for source, clause in places)
            if against and not any(_has(source, clause, mine, alike=True) for source, clause in places):
                yield Fault(FaultKind.NEGATION, f"“{word.text}” of {min(figures)}: the source says the opposite")
                return


def _figures_near(reading: Reading, word: Word) -> frozenset[str]:
    near = reading.words[max(0, word.place - _REACH) : word.place + 1 + _REACH]
    return frozenset(_figure(reading, other) for other in near if other.clause == word.clause) - {""}


def _figure(reading: Reading, word: Word) -> str:
    """A number with its per cent sign, "3%"; "" for any other word."""
    if not word.plain[:1].isdigit():
        return ""
    return word.plain + "%" * bool(_PERCENT.match(reading.text, word.start + len(word.text)))


def _has(reading: Reading, clause: int, stems: frozenset[str], *, alike: bool = False) -> bool:
    """Whether a clause has one of some stems, or one that means the same; a denial has none."""
    words = [word for word in reading.words if word.clause == clause and _is_telling(reading, word)]
    told = [word.stem or word.plain for word in words]
    return any(is_borne(stem, stems) if alike else stem in stems for stem in told)


def _is_telling(reading: Reading, word: Word) -> bool:
    if word.is_name or is_negated(reading, word.place) or word.plain in _NOT_OF_FIGURES:
        return False
    return is_change(reading, word.place)
