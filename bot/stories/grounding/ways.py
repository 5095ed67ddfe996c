"""Which way things go: who stands before a word, and who behind its "to" or "from", by names alone.

Lists may be long ("seeking aircraft, missiles and vehicles from Moscow"), and so commas do not end the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.stories.grounding.frames import keys_of
from bot.stories.grounding.vocabulary import LIGHT

if TYPE_CHECKING:
    from bot.stories.grounding.frames import Who
    from bot.stories.grounding.reading import Reading, Word

REACH: Final = 16
BEFORE: Final = 6
_ENDS: Final = frozenset({"to", "from"})
_STOPS: Final = frozenset({"that", "which", "who", "but", "while", "when", "where"})
_ARTICLES: Final = frozenset({"the", "a", "an"})


@dataclass(frozen=True, slots=True)
class Way:
    """A word with the names before it and those behind its preposition, by key; ``subject`` may be empty."""

    stem: str
    subject: frozenset[str]
    preposition: str
    end: frozenset[str]


def ways_of(reading: Reading) -> list[Way]:
    """Every way of a sentence: a word in -ed or -ing, or another that may be a verb, with names behind it."""
    who = keys_of(reading)
    found = []
    for word in reading.words:
        if word.stem and not word.is_name and word.plain.endswith(("ed", "ing")) and word.plain not in LIGHT:
            subject = _subject(reading, word, who)
            found += [Way(word.stem, subject, *end) for end in _named_ends(reading, word, who)]
    return found


def _subject(reading: Reading, word: Word, who: Who) -> frozenset[str]:
    """The names right before a word, in its clause; none where a preposition governs them."""
    near = [each for each in reading.words[max(0, word.place - BEFORE) : word.place] if each.clause == word.clause]
    named = [each for each in near if each.place in who.names]
    if not named:
        return frozenset()
    first = named[-1].place
    while first - 1 in who.names:
        first -= 1
    before = reading.words[first - 1].plain if first else ""
    if before in {"to", "from", "by", "in", "of", "with", "at", "for"}:
        return frozenset()
    return frozenset(who.of[place] for place in range(first, named[-1].place + 1))


def _named_ends(reading: Reading, word: Word, who: Who) -> list[tuple[str, frozenset[str]]]:
    """The names behind each "to" and "from" behind a word, up to the next clause of its own."""
    found: list[tuple[str, frozenset[str]]] = []
    for at in range(word.place + 1, min(word.place + REACH, len(reading.words))):
        plain = reading.words[at].plain
        if plain in _STOPS:
            break
        if plain in _ENDS:
            names = _names_behind(reading, at, who)
            found += [(plain, names)] if names else []
    return found


def _names_behind(reading: Reading, at: int, who: Who) -> frozenset[str]:
    """The names that a preposition governs, with a description before them: "to Minecraft developer Mojang"."""
    found: set[str] = set()
    gap = 0
    for word in reading.words[at + 1 : at + 6]:
        if word.clause != reading.words[at].clause:
            break
        if word.place in who.names:
            found.add(who.of[word.place])
        elif word.plain in _ARTICLES:
            continue
        elif not word.stem or gap:
            break
        else:
            gap += 1
    return frozenset(found)
