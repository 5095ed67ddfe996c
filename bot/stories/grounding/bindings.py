"""Whose story it is: a name must stand where the source tells this, not only somewhere in the article.

A wrong name that the article has as well takes the place of the right one. So the source sentence that tells most of
what a sentence tells is looked for: where that one has another name of the same kind instead, and no sentence with the
name tells much of it, the name has been exchanged. Speakers are the business of ``roles``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.stories.boilerplate import is_leaning
from bot.stories.grounding.acts import JOINTS, verb_places
from bot.stories.grounding.faults import Fault, FaultKind
from bot.stories.grounding.names import is_known_name, spellings_of
from bot.stories.grounding.reading import kind_of
from bot.stories.grounding.roles import speakers
from bot.stories.grounding.support import is_borne
from bot.stories.grounding.vocabulary import LIGHT, OFFICES, TITLES
from bot.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.stories.grounding.reading import Reading, Word

TOLD_LEAST: Final = 2
TOLD_SHARE: Final = 0.6
"""How much of a sentence a source sentence must tell for it to be the one that tells it."""
FIGURE_WEIGHT: Final = 2
ALMOST: Final = 0.75
FEWER: Final = 0.5
"""A sentence with the name that tells more than this share of it may be the one that it goes back to as well."""


@dataclass(frozen=True, slots=True)
class _Name:
    """Words of a name in a row, the concepts that the lexicon has for it, and their kind: no country is a person."""

    words: tuple[Word, ...]
    keys: frozenset[str]
    kind: str

    @property
    def is_rank(self) -> bool:
        """Whether it ends in initials, as "Navy SEAL" does, and nobody's name."""
        return len(self.words) > 1 and len(self.words[-1].text) > 1 and self.words[-1].text.isupper()

    @property
    def shown(self) -> str:
        return " ".join(word.text for word in self.words)


def check_bindings(sentence: Reading, sources: Sequence[Reading]) -> Iterator[Fault]:
    """Names that stand in the place of others."""
    same_language = [source for source in sources if source.lang == sentence.lang]
    if not sentence.is_spaced or len(same_language) < 2:  # noqa: PLR2004 - in one source a name is there or not
        return
    names = _groups(sentence)
    stems = frozenset(
        word.stem for word in sentence.words if word.stem and not word.is_name and word.plain not in LIGHT
    )
    for name in names:
        companions = [other for other in names if other is not name]
        shares = [_share(stems, source) + sum(_has(source, other) for other in companions) for source in same_language]
        most = max(shares)
        if most < TOLD_LEAST or most < TOLD_SHARE * (len(stems) + len(companions)):
            continue
        with_it = (share for source, share in zip(same_language, shares, strict=True) if _has(source, name))
        tellers = [source for source, share in zip(same_language, shares, strict=True) if share >= ALMOST * most]
        if max(with_it, default=0) > FEWER * most or any(_leans_on(name, each, same_language) for each in tellers):
            continue
        side = _is_behind(sentence, name)
        others = [
            other
            for each in tellers
            for other in _groups(each)
            if other.kind == name.kind and other.is_rank == name.is_rank and _is_behind(each, other) == side
        ]
        displaced = [other for other in others if not _has(sentence, other)]
        if displaced:
            yield Fault(FaultKind.NAME, f"“{name.shown}”: the source that tells this says “{displaced[0].shown}”")
            return


def _share(told: frozenset[str], source: Reading) -> int:
    """How much of what is told a sentence tells; a figure is worth two words."""
    given = frozenset(word.stem for word in source.words if word.stem)
    return sum((FIGURE_WEIGHT if stem[0].isdigit() else 1) * is_borne(stem, given) for stem in told)


def _groups(reading: Reading) -> list[_Name]:
    """The names of a sentence without their titles, but for those of speakers."""
    speaking = {word.place for word in speakers(reading)}
    for word in reversed(reading.words[:-1]):
        if word.place + 1 in speaking and (word.is_name or word.plain in OFFICES | TITLES):
            speaking.add(word.place)  # "Assistant Oakland County Prosecutor Rob Novy said"
    found: list[list[Word]] = []
    for word in reading.words:
        goes_on = bool(found) and found[-1][-1].place + 1 == word.place and found[-1][-1].clause == word.clause
        if not word.is_name or (word.plain in OFFICES | TITLES and not goes_on):  # but "Martin Luther King"
            continue
        if goes_on:
            found[-1].append(word)
        else:
            found.append([word])
    return [_name(reading, group) for group in found if not any(word.place in speaking for word in group)]


def _name(reading: Reading, words: Sequence[Word]) -> _Name:
    keys = [
        key
        for key, spans in reading.concepts.items()
        if any(low <= word.start < high for low, high in spans for word in words)
    ]
    return _Name(tuple(words), frozenset(keys), kind_of(keys[0]) if keys else "")


def _is_behind(reading: Reading, name: _Name) -> bool:
    """Whether a name stands behind a verb of its clause: who does something does not displace what it is done to."""
    first, verbs = name.words[0], verb_places(reading)
    for word in reversed(reading.words[: first.place]):
        if word.clause != first.clause or word.plain in JOINTS:
            return False
        if word.place in verbs:
            return True
    return False


def _has(reading: Reading, name: _Name) -> bool:
    """Whether a sentence names somebody, by whatever name the lexicon knows."""
    spellings, text = spellings_of((reading,)), normalise(reading.text)
    return bool(name.keys & reading.known) or any(is_known_name(word, spellings, text) for word in name.words)


def _leans_on(name: _Name, teller: Reading, sources: Sequence[Reading]) -> bool:
    """Whether a sentence says "he" of somebody whom the one before it names."""
    before = sources[max(0, sources.index(teller) - 1)]
    return is_leaning(teller.text) and _has(before, name)
