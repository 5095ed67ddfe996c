"""Checks a summary against a whole text, where nobody says which sentences it cites: the likeliest are looked for.

A sentence is held against the source sentence that shares most with it, and against further ones that bear out more of
it and are about the same thing: a number that stands somewhere else in the article bears out nothing.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_leaning
from bot.stories.grounding.check import check
from bot.stories.grounding.claims import is_negated
from bot.stories.grounding.closeness import Closeness
from bot.stories.grounding.figures import counts_the_same, quantities
from bot.stories.grounding.reading import name_words, read, read_together, tidied
from bot.stories.grounding.spelling import may_be_one
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import DENIERS
from bot.text.language import detect
from bot.text.scripts import main_script
from bot.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.stories.encoder import Encoder
    from bot.stories.grounding.faults import Fault
    from bot.stories.grounding.figures import Quantity
    from bot.stories.grounding.reading import Reading, Word

CITED_MOST: Final = 4
_SEMICOLON: Final = re.compile(r";\s+(?=\w+\W+\w+\W+\w)|\uff1b\s*(?=\w{4})")
_AGE: Final = re.compile(r"\b(\d{1,3})[\s-]+years?[\s-]+old|(?<=\w, )(\d{1,3})(?=,)")
NEAR: Final = 0.4
"""A cosine from which two sentences of one article are about the same thing."""
FIGURE_NEAR: Final = 0.3
"""Enough where all that a further sentence adds is figures: "The building was constructed in 1935"."""
SHARED_LEAST: Final = 2
"""A further source sentence must share so much besides what it alone bears out, or in all with a name among it."""


def check_summary(
    summary: str, source: str, *, encoder: Encoder | None = None
) -> tuple[tuple[str, tuple[Fault, ...]], ...]:
    """Each sentence of a summary with what is wrong with it against the source; the sentences in their order."""
    closeness = Closeness(encoder)
    written = detect(source)
    sources = split_sentences(tidied(source), written)
    # Short texts in Latin letters are told apart by themselves; in others their letters often are the same.
    lang = detect(summary, hint=None if main_script(summary) == "latin" else written)
    return tuple((sentence, _faults(sentence, sources, closeness, lang)) for sentence in split_sentences(summary, lang))


def _faults(sentence: str, sources: Sequence[str], closeness: Closeness, lang: str) -> tuple[Fault, ...]:
    """What is wrong with a sentence; parts that a semicolon joins go back to places of their own."""
    return tuple(
        fault
        for part in _SEMICOLON.split(sentence)
        for fault in check(part, cited(part, sources, closeness, lang=lang), closeness, context=sources, lang=lang)
    )


def cited(sentence: str, sources: Sequence[str], closeness: Closeness, *, lang: str | None = None) -> tuple[str, ...]:
    """The source sentences that a sentence most likely goes back to, in their order."""
    near = closeness.of(sentence, sources)
    readings = read_together(sources)
    told = read(sentence, frozenset(word.plain for reading in readings for word in name_words(reading)), lang)
    # A related headline in another language is no source of a sentence that the article has in its own.
    usable = [reading.lang == told.lang for reading in readings]
    ours = _elements(told)
    named = frozenset(word.stem for word in name_words(told) if word.stem) | told.concepts.keys()
    theirs = [
        _elements(reading) if ok or not any(usable) else frozenset()
        for reading, ok in zip(readings, usable, strict=True)
    ]
    shared = [frozenset(each for each in ours if is_borne(each, given)) for given in theirs]
    chosen: list[int] = []
    covered: frozenset[str] = frozenset()
    refuted: frozenset[str] = frozenset()
    while len(chosen) < CITED_MOST:
        fresh = [each - covered - refuted for each in shared]
        place = max(range(len(sources)), key=lambda at: (len(fresh[at]), len(shared[at]), -at), default=None)
        if place is None or not fresh[place]:
            break
        leans = place - 1 in chosen and is_leaning(sources[place])  # "He was 75."
        # A name from elsewhere is no tie by itself: it may be the wrong one for what is told here.
        tied = len(shared[place]) >= SHARED_LEAST and bool(shared[place] & named) and bool(fresh[place] - named)
        tied = tied or bool(_ages(told.text) & _ages(sources[place]))
        close = near is not None and near[place] >= (FIGURE_NEAR if _are_figures(fresh[place]) else NEAR)
        tied = tied or (close and not fresh[place] & named)
        if chosen and not leans and not tied and not _belongs(fresh[place], shared[place] & covered):
            shared[place] = frozenset()
            continue
        chosen.append(place)
        covered |= shared[place] - refuted
        refuted |= _refuted(told, readings[place]) - covered
    chosen += _denials(told, readings) if chosen else ()
    chosen += _nearest(near, usable) if near else ()
    chosen += _second_thoughts(chosen, sources, readings)
    chosen += _introductions(told, chosen, readings)
    return tuple(sources[place] for place in sorted(_with_antecedents(chosen, sources)))


def _nearest(near: Sequence[float], usable: Sequence[bool]) -> tuple[int, ...]:
    """The source sentence that lies nearest in meaning, though it may share no word; none if all lie far."""
    best = max(range(len(near)), key=lambda place: (usable[place] or not any(usable), near[place]))
    return (best,) if near[best] >= NEAR or not any(usable) else ()


def _denials(told: Reading, readings: Sequence[Reading]) -> tuple[int, ...]:
    """The first source sentence that denies what this one denies: it may share little else with what it belongs to."""
    denied = {word.stem for word in told.words if word.stem and not word.is_name and is_negated(told, word.place)}
    places = (
        at
        for at, reading in enumerate(readings)
        if any(word.stem in denied and is_negated(reading, word.place) for word in reading.words)
    )
    return tuple(islice(places, 1)) if denied else ()


def _introductions(told: Reading, chosen: Collection[int], readings: Sequence[Reading]) -> list[int]:
    """Where each name first stands that no chosen sentence has: whether it stands here rightly, ``bindings`` tell."""
    found = []
    for name in name_words(told):
        places = [at for at, reading in enumerate(readings) if any(_is_one(name, word) for word in reading.words)]
        if places and not set(places) & set(chosen):
            found.append(places[0])
    return found


def _is_one(name: Word, word: Word) -> bool:
    if name.plain.isascii() == word.plain.isascii():
        return name.plain == word.plain
    return word.is_name and may_be_one(name.plain, word.plain)


def _second_thoughts(chosen: Collection[int], sources: Sequence[str], readings: Sequence[Reading]) -> list[int]:
    """What denies something right behind a chosen sentence and leans on it: "But he denied it"."""
    behind = [place + 1 for place in chosen if place + 1 < len(sources) and is_leaning(sources[place + 1])]
    return [place for place in behind if any(word.plain in DENIERS for word in readings[place].words)]


def _refuted(told: Reading, source: Reading) -> frozenset[str]:
    """Numbers of a sentence for which a source of it has another: a third sentence cannot bear them out."""
    given = quantities(source.text, source.lang)
    values = {quantity.value for quantity in given}
    return frozenset(
        _number(ours)
        for ours in quantities(told.text, told.lang)
        if ours.value not in values and any(counts_the_same(ours, other) for other in given)
    )


def _belongs(fresh: frozenset[str], known: frozenset[str]) -> bool:
    """Whether a further sentence may bear out more: a country anywhere, anything else where it is on the same thing."""
    return all(each.startswith("@") for each in fresh) or len(known) >= SHARED_LEAST


def _are_figures(elements: frozenset[str]) -> bool:
    return all(each.lstrip("=").replace(".", "").isdigit() for each in elements)


def _ages(text: str) -> frozenset[str]:
    """How old people are said to be: "the 24-year-old", "Robert Pitman, 24, is accused"."""
    return frozenset(old or aside for old, aside in _AGE.findall(text))


def _with_antecedents(chosen: Collection[int], sources: Sequence[str]) -> set[int]:
    """These places and, before each "He said ...", the sentence that says who he is."""
    return {*chosen, *(place - 1 for place in chosen if place and is_leaning(sources[place]))}


def _elements(reading: Reading) -> frozenset[str]:
    """What two sentences can share: stems (or pairs of letters), lexicon concepts, numbers."""
    stems = {word.stem for word in reading.words if word.stem}
    return frozenset(stems | set(reading.concepts) | {_number(each) for each in quantities(reading.text, reading.lang)})


def _number(quantity: Quantity) -> str:
    return f"={quantity.value:g}"
