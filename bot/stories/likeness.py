"""How alike two entries are, as a handful of numbers between 0 and 1; what they mean together is for others to weigh.

Rarity comes from the archive's statistics, which are known for the new entry's terms only: a past entry's other terms
count as being of middling rarity.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.stories.meaning import Meanings
from bot.stories.names import sounds
from bot.stories.tolls import tolls_of
from bot.text.tokens import index_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Entry, Fingerprint, PastEntry, TermStatistics

PRIOR_DOCUMENTS: Final = 20.0
"""Imagined documents behind the archive's: they keep a young archive from taking every word for a rare one."""
ALIGN_FROM: Final = 0.08
SENTENCE_TERMS: Final = 4
"""A sentence of fewer terms has a twin in any text."""
_QUOTE: Final = re.compile(r"[\"“”«»„「」『』]")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Each 0 (nothing shared) to 1. ``gap_days`` is None where a date is missing.

    ``clash`` says how far the names that each has are not the other's; 0 where one has none. Between languages it says
    so of the concepts. ``quote`` is the best twin of any one sentence among those that quote somebody.
    ``contrast`` is the likeness of wording in what sets entries of one topic apart, ``facets`` that of concepts.
    ``miscount`` says how far the numbers that each has, but for tolls, are not the other's. ``meaning`` and ``nuance``
    compare vectors, the latter in what sets entries of one topic apart (-1 to 1); None where there is no vector.
    Between languages names are compared by sound. ``near``: ``nuance`` is what sets them apart from what lies near.
    """

    text: float
    contrast: float
    title: float
    quote: float
    concepts: float
    facets: float
    names: float
    clash: float
    numbers: float
    miscount: float
    dates: float
    copy: float
    gap_days: float | None
    meaning: float | None = None
    nuance: float | None = None
    foreign: bool = False
    near: bool = False


class Comparer:
    """Compares one entry with past ones; what depends on the entry alone is worked out once."""

    def __init__(
        self, entry: Entry, fp: Fingerprint, statistics: TermStatistics, candidates: Sequence[PastEntry] = ()
    ) -> None:
        pool = [past.fingerprint for past in candidates]
        self._entry = entry
        self._fp = fp
        self._rarity = {term: rarity(term, statistics) for term in fp.terms}
        self._weights = {term: _damped(count) * self._rarity[term] for term, count in fp.terms.items()}
        self._norm = math.sqrt(sum(weight * weight for weight in self._weights.values()))
        self._middling = sum(self._rarity.values()) / len(self._rarity) if self._rarity else 1.0
        held = Counter(chain.from_iterable(other.terms for other in pool))
        self._contrast = {term: math.log((len(pool) + 2) / (count + 1)) for term, count in held.items()}
        unheard = math.log(len(pool) + 2)
        own = (weight * self._contrast.get(term, unheard) for term, weight in self._weights.items())
        self._contrast_norm = math.sqrt(sum(weight * weight for weight in own))
        holding = Counter(chain.from_iterable(other.concepts for other in (*pool, fp)))
        self._concept_bag = Bag(fp.concepts)
        self._facets = {concept: math.log((len(pool) + 2) / count) for concept, count in holding.items()}
        self._meanings = Meanings(entry, fp, [(past.entry, past.fingerprint) for past in candidates])
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, sentence in enumerate(filter(_quotes, fp.sentences)):
            bag = self._bag(sentence, entry.lang)
            norm = math.sqrt(sum(weight * weight for weight in bag.values()))
            for term, weight in bag.items():
                self._postings[term].append((index, weight / norm))

    def compare(self, past: Entry, fp: Fingerprint, *, near: bool = False) -> Likeness:
        """How alike the entry and a past one are; ``near``: two tellings' meaning is set apart from what lies near."""
        text, contrast = self._wording(fp)
        # Aligning sentences is the dear part: texts without common words have no twins.
        quote = self._quoted(past, fp) if text >= ALIGN_FROM else 0.0
        foreign = past.lang != self._entry.lang
        near = near and not foreign and bool(self._fp.sentences and fp.sentences)
        meaning, nuance = self._meanings.compare(past, fp, near=near) or (None, None)
        return Likeness(
            text=text,
            contrast=contrast,
            title=self._titles(fp),
            quote=quote,
            concepts=self._concept_bag.cosine(Bag(fp.concepts)),
            facets=self._concepts(fp),
            names=overlap(sounds(self._fp.names), sounds(fp.names)) if foreign else overlap(self._fp.names, fp.names),
            clash=apart(self._fp.concepts, fp.concepts) if foreign else clash(self._fp.names, fp.names),
            numbers=overlap(self._fp.numbers, fp.numbers),
            miscount=self._miscount(past, fp),
            dates=overlap(self._fp.dates, fp.dates),
            copy=resemblance(self._fp.shingles, fp.shingles),
            gap_days=gap_days(self._entry, past),
            meaning=meaning,
            nuance=nuance,
            foreign=foreign,
            near=near and meaning is not None,
        )

    def sentence_likeness(self, sentence: str, lang: str) -> float:
        """How much the entry's own text is about what a past entry's sentence says (cosine)."""
        bag = self._bag(sentence, lang)
        total = math.sqrt(sum(weight * weight for weight in bag.values()))
        dot = sum(weight * self._weights.get(term, 0.0) for term, weight in bag.items())
        return dot / (total * self._norm) if dot else 0.0

    def _miscount(self, past: Entry, fp: Fingerprint) -> float:
        """How far the two give other numbers, but for tolls, which grow while an event goes on."""
        mine, theirs = self._fp.numbers - fp.numbers, fp.numbers - self._fp.numbers
        if not mine or not theirs:
            return 0.0
        mine &= tolls_of(self._entry.title, self._fp.sentences, self._entry.lang)
        theirs &= tolls_of(past.title, fp.sentences, past.lang)
        return clash(self._fp.numbers - mine, fp.numbers - theirs)

    def _wording(self, fp: Fingerprint) -> tuple[float, float]:
        """Likeness of wording, and of wording in what sets entries of this topic apart.

        For the second, words that the whole pool says count little. One loop for both: it is the busiest of all.
        """
        weights, rarity_of, contrast = self._weights, self._rarity, self._contrast
        if rarity_of.keys().isdisjoint(fp.terms):
            return 0.0, 0.0
        dot = square = contrast_dot = contrast_square = 0.0
        for term, count in fp.terms.items():
            known = rarity_of.get(term)
            weight = self._middling if known is None else known
            if count != 1:
                weight *= _damped(count)
            apart = contrast.get(term, 0.0)
            square += weight * weight
            contrast_square += weight * weight * apart * apart
            if known is not None:
                shared = weight * weights[term]
                dot += shared
                contrast_dot += shared * apart * apart
        if not dot:
            return 0.0, 0.0
        contrasted = contrast_dot / (self._contrast_norm * math.sqrt(contrast_square)) if contrast_dot else 0.0
        return dot / (self._norm * math.sqrt(square)), contrasted

    def _concepts(self, fp: Fingerprint) -> float:
        """Likeness of concepts, those that all candidates are about counting little (cosine)."""
        shared = self._fp.concepts.keys() & fp.concepts.keys()
        if not shared:
            return 0.0
        sizes = [sum(self._facets.get(each, 1.0) ** 2 for each in held) for held in (self._fp.concepts, fp.concepts)]
        return sum(self._facets[each] ** 2 for each in shared) / math.sqrt(sizes[0] * sizes[1] or 1.0)

    def _titles(self, fp: Fingerprint) -> float:
        mine, theirs = self._fp.title_terms, fp.title_terms
        shared = sum(self._rarity[term] ** 2 for term in mine & theirs)
        if not shared:
            return 0.0
        own = sum(self._rarity[term] ** 2 for term in mine)
        other = sum(self._rarity.get(term, self._middling) ** 2 for term in theirs)
        return shared / math.sqrt(own * other)

    def _quoted(self, past: Entry, fp: Fingerprint) -> float:
        """The best twins among the sentences of the two that quote somebody.

        Openings aligned, and the best twins of any sentence, were measured too: once wording and quotes are known they
        tell nothing more of one event, and they cost more than all the rest.
        """
        best = 0.0
        for sentence in filter(_quotes, fp.sentences) if self._postings else ():
            terms = sentence_terms(sentence, past.lang)
            if len(terms) < SENTENCE_TERMS:
                continue
            square = 0.0
            dots: dict[int, float] = {}
            for term in terms:
                weight = self._rarity.get(term, self._middling)
                square += weight * weight
                for index, other in self._postings.get(term, ()):
                    dots[index] = dots.get(index, 0.0) + weight * other
            if dots:
                best = max(best, max(dots.values()) / math.sqrt(square))
        return best

    def _bag(self, sentence: str, lang: str) -> dict[str, float]:
        return {term: self._rarity.get(term, self._middling) for term in sentence_terms(sentence, lang)}


@lru_cache(maxsize=512)
def sentence_terms(sentence: str, lang: str) -> frozenset[str]:
    """The distinct index terms of a sentence; remembered, since candidates come back with each entry of a story."""
    return frozenset(index_terms(sentence, lang))


def rarity(term: str, statistics: TermStatistics) -> float:
    """Inverse document frequency, smoothed so that it is positive and calm in a young archive."""
    frequency = statistics.frequency.get(term, 0)
    return math.log(1 + (statistics.documents + PRIOR_DOCUMENTS) / (frequency + 1))


class Bag:
    """A bag of words of length one, counts damped: worth making where it is compared more than once."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        damped = list(map(_damped, counts.values()))
        size = math.sqrt(sum([count**2 for count in damped])) or 1.0
        self._weights = {key: count / size for key, count in zip(counts, damped, strict=True)}

    def cosine(self, other: Bag) -> float:
        """Likeness of the two, 0 to 1."""
        less, more = sorted((self._weights, other._weights), key=len)
        return sum(weight * more[key] for key, weight in less.items() if key in more)


def cosine(left: Mapping[str, int], right: Mapping[str, int]) -> float:
    """Cosine of two bags, counts damped."""
    return Bag(left).cosine(Bag(right))


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared members against the geometric mean of the sizes (Ochiai), damped for tiny sets."""
    shared = len(left & right)
    return shared / math.sqrt((len(left) + 1) * (len(right) + 1)) if shared else 0.0


def clash(left: frozenset[str], right: frozenset[str]) -> float:
    """How far both name others than the other does (geometric mean of the shares not shared); 0 if one names nobody."""
    if not left or not right:
        return 0.0
    shared = len(left & right)
    return math.sqrt((1 - shared / len(left)) * (1 - shared / len(right)))


def apart(left: Mapping[str, int], right: Mapping[str, int]) -> float:
    """As ``clash``, of two bags with their counts damped."""
    lacking, added = left.keys() - right.keys(), right.keys() - left.keys()
    if not lacking or not added:
        return 0.0
    lost = sum([_damped(left[key]) for key in lacking]) / sum(map(_damped, left.values()))
    gained = sum([_damped(right[key]) for key in added]) / sum(map(_damped, right.values()))
    return math.sqrt(lost * gained)


def resemblance(left: Sequence[int], right: Sequence[int]) -> float:
    """The share of shingles that two texts have in common, estimated from their bottom-k sketches (Broder 1997)."""
    if not left or not right:
        return 0.0
    both = set(left).intersection(right)
    if not both:
        return 0.0
    smallest = sorted({*left, *right})[: min(len(left), len(right))]
    return sum(value in both for value in smallest) / len(smallest)


def gap_days(entry: Entry, past: Entry) -> float | None:
    """Days between two entries' own dates; None if either has none.

    A date at midnight is taken as a day whose hour nobody gave: what follows within it may have been minutes later.
    """
    if entry.published_at is None or past.published_at is None:
        return None
    earlier, later = sorted((entry.published_at, past.published_at))
    days = (later - earlier).total_seconds() / 86_400
    return max(0.0, days - 1) if earlier.time() == time() != later.time() else days


@lru_cache(maxsize=256)
def _damped(count: int) -> float:
    return 1 + math.log(count) if count > 0 else 0.0


def _quotes(sentence: str) -> bool:
    return bool(_QUOTE.search(sentence))
