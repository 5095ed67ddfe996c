"""Checks a summary against a whole text, where nobody says which sentences it cites: the likeliest are looked for.

A sentence is held against the source sentence that shares most with it, and against further ones that bear out more of
it and are about the same thing: a number that stands somewhere else in the article bears out nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_leaning
from bot.stories.grounding.check import check
from bot.stories.grounding.figures import quantities
from bot.stories.grounding.reading import read
from bot.stories.grounding.support import is_borne
from bot.text.language import detect
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.stories.grounding.faults import Fault

CITED_MOST: Final = 4
SHARED_LEAST: Final = 2
"""A further source sentence must share so much besides what it alone bears out."""


def check_summary(summary: str, source: str) -> tuple[tuple[str, tuple[Fault, ...]], ...]:
    """Each sentence of a summary with what is wrong with it against the source; the sentences in their order."""
    sources = split_sentences(source, detect(source))
    told = split_sentences(summary, detect(summary))
    return tuple((sentence, check(sentence, cited(sentence, sources))) for sentence in told)


def cited(sentence: str, sources: Sequence[str]) -> tuple[str, ...]:
    """The source sentences that a sentence most likely goes back to, in their order."""
    ours = _elements(sentence)
    theirs = [_elements(source) for source in sources]
    shared = [frozenset(each for each in ours if is_borne(each, given)) for given in theirs]
    chosen: list[int] = []
    covered: frozenset[str] = frozenset()
    while len(chosen) < CITED_MOST:
        place = max(range(len(sources)), key=lambda at: (len(shared[at] - covered), len(shared[at]), -at), default=None)
        if place is None or not shared[place] - covered:
            break
        fresh = shared[place] - covered
        if chosen and not _belongs(fresh, shared[place] & covered, counted=any(map(_has_number, covered))):
            shared[place] = frozenset()
            continue
        chosen.append(place)
        covered |= shared[place]
    return tuple(sources[place] for place in sorted(_with_antecedents(chosen, sources)))


def _belongs(fresh: frozenset[str], known: frozenset[str], *, counted: bool) -> bool:
    """Whether a further sentence may bear out more: a country anywhere, anything else in a sentence on the same thing.

    Where a number is borne out already, another sentence adds none: two figures of one thing are seldom both meant.
    """
    if all(each.startswith("@") for each in fresh):
        return True
    return len(known) >= SHARED_LEAST and not (counted and all(map(_has_number, fresh)))


def _has_number(element: str) -> bool:
    return element.startswith("=")


def _with_antecedents(chosen: Collection[int], sources: Sequence[str]) -> set[int]:
    """These places and, before each "He said ...", the sentence that says who he is."""
    return {*chosen, *(place - 1 for place in chosen if place and is_leaning(sources[place]))}


def _elements(text: str) -> frozenset[str]:
    """What two sentences can share: stems (or pairs of letters), lexicon concepts, numbers."""
    reading = read(text)
    stems = {word.stem for word in reading.words if word.stem}
    numbers = {f"={quantity.value:g}" for quantity in quantities(reading.text, reading.lang)}
    return frozenset(stems | set(reading.concepts) | numbers)
