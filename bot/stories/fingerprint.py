"""What the story code compares of an entry, and which words find its likely relatives in the archive.

A fingerprint is made once and stored with its entry, so it is the same in every process and small: the opening carries
the news. Compares nothing itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bot.limits import FINGERPRINT_SENTENCES
from bot.model import Fingerprint
from bot.stories.facts import dates_of, is_title_case, names_in, near_figures, numbers_of
from bot.text.normalise import normalise
from bot.text.scripts import UNSPACED, main_script
from bot.text.sentences import split_sentences
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Entry, TermStatistics

OPENING_CHARS: Final = 2500
"""How much of the text is compared: enough for a whole news story, too little for a long read to drown its event."""
FACT_CHARS: Final = 1500
SENTENCE_CHARS: Final = 500
TERMS: Final = 250
SHINGLE_WORDS: Final = 4
SKETCH: Final = 64
"""Hashes in a MinHash sketch: the estimate of overlap is within about .06 (one standard deviation, at one half)."""
UNSPACED_CHARS: Final = 12
"""A text of a script that may do without spaces does so if its "words" are longer than this on average."""

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """An entry's index terms: of its title, of the text that is compared, and of all of it."""

    title: tuple[str, ...]
    opening: tuple[str, ...]
    every: tuple[str, ...]


def terms_of(entry: Entry) -> Terms:
    """The index terms of an entry, each part of it read once."""
    title = index_terms(entry.title, entry.lang)
    text = index_terms(entry.text, entry.lang)
    short = len(entry.text) <= OPENING_CHARS
    opening = text if short else index_terms(entry.text[:OPENING_CHARS], entry.lang)
    return Terms(title, opening, title + text)


def fingerprint(entry: Entry, concepts: Mapping[str, int], terms: Terms | None = None) -> Fingerprint:
    """What is compared of an entry. ``concepts`` are the lexicon concepts that stand in it, with counts.

    ``terms`` are the entry's own, where they are known already.
    """
    opening = entry.text[:OPENING_CHARS]
    terms = terms or terms_of(entry)
    counts = Counter(terms.title)
    counts.update(terms.opening)
    facts = f"{entry.title}\n{entry.text[:FACT_CHARS]}"
    # Where Every Word Has a Capital, capitals tell no names; a bare headline has nothing better.
    named = entry.text[:FACT_CHARS] if entry.text and is_title_case(entry.title) else facts
    figures = near_figures(normalise(facts))
    return Fingerprint(
        terms=dict(counts.most_common(TERMS)),
        title_terms=frozenset(terms.title),
        concepts=dict(concepts),
        names=names_in(named),
        numbers=numbers_of(figures),
        dates=dates_of(figures),
        shingles=_sketch(f"{entry.title}\n{opening}" if not entry.text else opening),
        sentences=_opening_sentences(opening, entry.lang),
    )


def candidate_terms(fp: Fingerprint) -> tuple[str, ...]:
    """The terms whose statistics are needed to compare this entry, in a fixed order."""
    return tuple(sorted(fp.terms))


def query_terms(fp: Fingerprint, statistics: TermStatistics, *, limit: int) -> tuple[str, ...]:
    """The terms that search for this entry's relatives: the rarest that others hold too, best first.

    Terms that no stored entry holds find nothing; those of the title and those said often weigh more than a word said
    once far down.
    """
    total = max(statistics.documents, 1)
    scored = []
    for term, count in fp.terms.items():
        frequency = statistics.frequency.get(term, 0)
        if not frequency:
            continue
        weight = math.log(1 + total / frequency) * (1 + math.log(count)) * (1.5 if term in fp.title_terms else 1.0)
        scored.append((-weight, term))
    return tuple(term for _, term in sorted(scored)[:limit])


def _opening_sentences(text: str, lang: str) -> tuple[str, ...]:
    return tuple(sentence[:SENTENCE_CHARS] for sentence in split_sentences(text, lang)[:FINGERPRINT_SENTENCES])


def _sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of the word shingles, ascending (a bottom-k MinHash sketch, Broder 1997).

    One hash a shingle, where a signature of many hash functions costs dozens for the same estimate. Empty for a text
    too short to have a shingle.
    """
    words = _WORD.findall(normalise(text))
    if len(words) * UNSPACED_CHARS < len(text) and main_script(text) in UNSPACED:
        words = list("".join(words))  # shingles of letters; any two texts of one spaced script share some of those
    if len(words) < SHINGLE_WORDS:
        return ()
    shingles = set(map(" ".join, zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False)))
    # Digests sort as the numbers that they spell: only those that are kept are read as numbers.
    digests = {blake2b(shingle, digest_size=4).digest() for shingle in "\n".join(shingles).encode().split(b"\n")}
    return tuple(map(int.from_bytes, sorted(digests)[:SKETCH]))
