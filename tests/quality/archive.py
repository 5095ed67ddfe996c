"""A store in memory for measuring: full-text candidates as the real one gives them (BM25 over a dozen rare terms)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.limits import CANDIDATE_TERMS, CANDIDATES, RECENT_CANDIDATES, STORY_WINDOW_DAYS
from bot.model import PastEntry, TermStatistics
from bot.stories.fingerprint import candidate_terms, query_terms

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.model import Fingerprint


class MemoryArchive:
    """Past entries by index term."""

    def __init__(self) -> None:
        self._postings: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._lengths: dict[int, int] = {}
        self._entries: dict[int, PastEntry] = {}

    def add(self, past: PastEntry, terms: Iterable[str]) -> None:
        """Store an entry under its index terms."""
        counts = Counter(terms)
        for term, count in counts.items():
            self._postings[term][past.entry.id] = count
        self._lengths[past.entry.id] = counts.total()
        self._entries[past.entry.id] = past

    def statistics(self, fp: Fingerprint) -> TermStatistics:
        """Document frequencies of an entry's terms."""
        terms = (term for term in candidate_terms(fp) if term in self._postings)
        return TermStatistics(len(self._entries), {term: len(self._postings[term]) for term in terms})

    def candidates(self, fp: Fingerprint, statistics: TermStatistics, *, at: datetime) -> tuple[PastEntry, ...]:
        """The best full-text hits for an entry of this moment, as SQLite's bm25 ranks them (k1 1.2, b 0.75).

        None is dated later than the story window; what has no date may be of any day.
        """
        before = at + timedelta(days=STORY_WINDOW_DAYS)
        scores: defaultdict[int, float] = defaultdict(float)
        average = sum(self._lengths.values()) / max(len(self._lengths), 1)
        for term in query_terms(fp, statistics, limit=CANDIDATE_TERMS):
            postings = self._postings[term]
            rarity = max(math.log((len(self._entries) - len(postings) + 0.5) / (len(postings) + 0.5)), 1e-6)
            for entry_id, count in postings.items():
                damp = 1.2 * (0.25 + 0.75 * self._lengths[entry_id] / average)
                scores[entry_id] += rarity * count * 2.2 / (count + damp)
        best = (self._entries[key] for key in sorted(scores, key=lambda key: (-scores[key], key)))
        in_time = (past for past in best if past.entry.published_at is None or past.entry.at <= before)
        return tuple(islice(in_time, CANDIDATES))

    def recent(self, at: datetime) -> tuple[PastEntry, ...]:
        """The last entries stored, within the story window of a moment."""
        window = timedelta(days=STORY_WINDOW_DAYS)
        newest = islice(reversed(self._entries.values()), RECENT_CANDIDATES)
        return tuple(past for past in newest if abs(past.entry.at - at) <= window)
