"""Inventions: what a sentence tells that no source tells.

A paraphrase has a new word here and there; an invention has several together, or a whole clause without a word of the
source, or a subject of the lexicon (arms, sanctions) that the source does not touch.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.additions import added
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.reading import stem_of
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import GRAVE, HEDGES, LIGHT, PLANS
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.stories.grounding.closeness import Closeness
    from bot.stories.grounding.reading import Reading, Word

RUN: Final = 3
COUNT: Final = 3
SHARE: Final = 0.5
CLAUSE_WORDS: Final = 2
FAR: Final = 0.38
"""A sentence with a smaller cosine than this to its sources tells of something else."""
FAR_COUNT: Final = 2
SURE: Final = 0.52
"""One with a larger cosine tells what they tell, unless it has no word of theirs; then from ``SUREST``."""
SURE_ELSEWHERE: Final = 0.42
"""The same for other languages than English, whose words are compared by their stems alone."""
SUREST: Final = 0.6
NEAREST: Final = 0.75
FOREIGN_FAR: Final = 0.15
SUBJECT_NEAR: Final = 0.3
PART_FAR: Final = 0.3
PART_SHARE: Final = 0.75
PAIRS_BORNE: Final = 0.4
PAIRS_RUN: Final = 12
_LIGHT: Final = frozenset(LIGHT)
_GRAVE: Final = frozenset(map(stem_of, GRAVE)) | GRAVE
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_PART_END: Final = re.compile(r"[,;:—–]|\band\b|\bafter\b|\bwhile\b|\bbut\b|\bи\b|\bа\b|\bта\b|\bі\b")


def check_inventions(
    sentence: Reading, sources: Sequence[Reading], closeness: Closeness, context: Sequence[Reading] = ()
) -> Iterator[Fault]:
    """What the sources do not tell; between two languages only what lies far off, or touches a strange subject.

    ``context`` is the text around the sources: a part with words that it has not either has been added.
    """
    texts = [source.text for source in sources]
    near = closeness.nearest(sentence.text, texts)
    if all(source.lang != sentence.lang for source in sources):
        yield from _across(sentence, sources, near)
    elif not sentence.is_spaced:
        if near is None or near < SURE:
            yield from _pairs(sentence, sources)
    elif told := _strange(sentence, sources, near, lambda part: closeness.nearest(part, texts)):
        yield Fault(FaultKind.INVENTION, _shown(told))
    elif sentence.lang == "en":
        content = [word for word in sentence.words if _tells(word, sentence)]
        told = added(sentence, content, (*sources, *context), closeness)
        if told:
            yield Fault(FaultKind.INVENTION, _shown(told))


def _shown(told: Sequence[Word]) -> str:
    return f"“{' '.join(word.text for word in told)}”: no source says so"


def _across(sentence: Reading, sources: Sequence[Reading], near: float | None) -> Iterator[Fault]:
    if near is not None and near < FOREIGN_FAR:
        yield Fault(FaultKind.INVENTION, "no source says anything like it")
    touched = frozenset().union(*(source.subjects for source in sources))
    strange = sorted(sentence.subjects - touched)
    if strange and (touched or len(strange) > 1) and (near is None or near < SUBJECT_NEAR):
        yield Fault(FaultKind.INVENTION, f"{strange[0][1:]}: no source speaks of it")


def _strange(
    sentence: Reading, sources: Sequence[Reading], near: float | None, nearest: Callable[[str], float | None]
) -> Sequence[Word]:
    """The words that the sources do not bear out, where they are too many for a paraphrase; empty where they are not.

    What lies near a source in meaning may have other words; but not a grave one, nor a whole part that lies far.
    """
    given = frozenset(word.stem for source in sources for word in source.words if word.stem)
    content = [word for word in sentence.words if _tells(word, sentence)]
    strange = [word for word in content if not is_borne(word.stem, given)]
    grave = [word for word in strange if word.stem in _GRAVE]
    sure = SURE_ELSEWHERE if sentence.lang != "en" else SUREST if len(strange) == len(content) else SURE
    if near is None or FAR <= near < sure:
        return _many(sentence, content, strange) or grave
    if near < FAR:
        return strange if len(strange) >= FAR_COUNT else ()
    for start, end in _spans(sentence.text):
        part = [word for word in content if start <= word.start < end]
        told = [word for word in part if word in strange]
        distance = nearest(sentence.text[start:end]) if len(told) >= max(COUNT, PART_SHARE * len(part)) else None
        if distance is not None and distance < PART_FAR:
            return told
    return grave if near < NEAREST else ()


def _many(sentence: Reading, content: Sequence[Word], strange: Sequence[Word]) -> Sequence[Word]:
    """Several strange words in a row, or half of all, or all of a part."""
    if not strange:
        return ()
    run = max((list(group) for new, group in groupby(content, key=lambda w: w in strange) if new), key=len)
    if len(run) >= RUN:
        return run
    if len(strange) >= COUNT and len(strange) >= SHARE * len(content):
        return strange
    if CLAUSE_WORDS <= len(strange) == len(content):
        return strange
    return _strange_part(sentence, content, strange)


def _tells(word: Word, reading: Reading) -> bool:
    """Whether a word says something that a source must bear out."""
    if not word.stem or word.is_name or word.stem.isdigit() or word.plain in _LIGHT | HEDGES | PLANS:
        return False
    return not any(low <= word.start < high for spans in reading.concepts.values() for low, high in spans)


def _strange_part(sentence: Reading, content: Sequence[Word], strange: Sequence[Word]) -> Sequence[Word]:
    """The words of a part between commas or "and" of which the sources have none; empty where there is no such part."""
    spans = _spans(sentence.text)
    parts = [[word for word in content if start <= word.start < end] for start, end in spans]
    parts = [part for part in parts if part]
    if len(parts) <= 1:
        return ()
    return next((part for part in parts if len(part) >= CLAUSE_WORDS and all(w in strange for w in part)), ())


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the parts of a sentence begin and end."""
    ends = [match.start() for match in _PART_END.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


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
