"""Inventions: what a sentence tells that no source tells.

A paraphrase has a new word here and there; an invention has several together, or a whole clause without a word of the
source, or a subject of the lexicon (arms, sanctions) that the source does not touch.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import GRAVE, HEDGES, LIGHT, PLANS
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

RUN: Final = 3
COUNT: Final = 3
SHARE: Final = 0.5
CLAUSE_WORDS: Final = 2
PAIRS_BORNE: Final = 0.4
PAIRS_RUN: Final = 12
_LIGHT: Final = frozenset(LIGHT)
_GRAVE: Final = frozenset(map(stem_of, GRAVE)) | GRAVE
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_PART_END: Final = re.compile(r"[,;:—–]|\band\b|\bafter\b|\bwhile\b|\bbut\b|\bи\b|\bа\b|\bта\b|\bі\b")


def check_inventions(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """What the sources do not tell; nothing is found between two languages but a strange subject."""
    touched = frozenset().union(*(source.subjects for source in sources))
    same_language = [source for source in sources if source.lang == sentence.lang]
    if not same_language:
        strange = sorted(sentence.subjects - touched)
        if strange and (touched or len(strange) > 1):
            yield Fault(FaultKind.INVENTION, f"{strange[0][1:]}: no source speaks of it")
        return
    if sentence.is_spaced:
        yield from _words(sentence, sources)
    else:
        yield from _pairs(sentence, sources)


def _words(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    given = frozenset(word.stem for source in sources for word in source.words if word.stem)
    content = [word for word in sentence.words if _tells(word, sentence)]
    strange = [word for word in content if not is_borne(word.stem, given)]
    if not strange:
        return
    run = max((list(group) for new, group in groupby(content, key=lambda w: w in strange) if new), key=len)
    part = _strange_part(sentence, content, strange)
    if len(run) >= RUN:
        told = run
    elif len(strange) >= COUNT and len(strange) >= SHARE * len(content):
        told = strange
    elif grave := [word for word in strange if word.stem in _GRAVE]:
        told = grave
    elif part:
        told = part
    elif CLAUSE_WORDS <= len(strange) == len(content):
        told = strange
    else:
        return
    yield Fault(FaultKind.INVENTION, f"“{' '.join(word.text for word in told)}”: no source says so")


def _tells(word: Word, reading: Reading) -> bool:
    """Whether a word says something that a source must bear out."""
    if not word.stem or word.is_name or word.stem.isdigit() or word.plain in _LIGHT | HEDGES | PLANS:
        return False
    return not any(low <= word.start < high for spans in reading.concepts.values() for low, high in spans)


def _strange_part(sentence: Reading, content: Sequence[Word], strange: Sequence[Word]) -> list[Word]:
    """The words of a part between commas or "and" of which the sources have none; empty where there is no such part."""
    ends = [match.start() for match in _PART_END.finditer(sentence.text)]
    parts: dict[int, list[Word]] = {}
    for word in content:
        parts.setdefault(sum(end < word.start for end in ends), []).append(word)
    if len(parts) <= 1:
        return []
    return next((part for part in parts.values() if len(part) >= CLAUSE_WORDS and all(w in strange for w in part)), [])


def _pairs(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """For scripts without spaces: how many pairs of letters stand in a source."""
    given = {pair for source in sources for pair in _letter_pairs(source.text)}
    pairs = _letter_pairs(sentence.text)
    if not pairs:
        return
    borne = [pair in given for pair in pairs]
    longest = max((len(list(group)) for known, group in groupby(borne) if not known), default=0)
    if sum(borne) < PAIRS_BORNE * len(pairs) or longest >= PAIRS_RUN:
        yield Fault(FaultKind.INVENTION, "most of it, or a long part, stands in no source")


def _letter_pairs(text: str) -> list[str]:
    runs = _NO_LETTER.split(normalise(text))
    return [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
