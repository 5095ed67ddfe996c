"""Decides whether an entry tells an event that the archive already holds, and which.

Works on a stream: it sees the past only, and candidates that the full-text index found. Look-alikes (the next
earthquake, another indictment) must stay apart, so a story is judged by its two likest entries, not by one lucky one.
Writes nothing and asks no store.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.limits import STORY_WINDOW_DAYS
from bot.stories.likeness import Comparer
from bot.stories.weights import features_of, weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry, TermStatistics
    from bot.stories.likeness import Likeness

COPY_BAR: Final = 0.45
"""Share of shingles from which a text is a copy: agencies' clients cut and retouch, but seldom rewrite half."""
COPY_DAYS: Final = 14.0
WITNESSES: Final = 2


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an entry belongs. ``same`` is the likest past entry of its story, None for a new story.

    ``score`` (0 to 1) is the best story's, chosen or not; ``copy`` tells a syndicated copy or a near-identical text from
    an outlet's own telling; ``reason`` says what spoke for it.
    """

    same: PastEntry | None
    score: float
    copy: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with how alike it is and how likely it tells the same event."""

    past: PastEntry
    likeness: Likeness
    probability: float
    copy: bool


def find_story(entry: Entry, fp: Fingerprint, candidates: Sequence[PastEntry], statistics: TermStatistics) -> Grouping:
    """The story that an entry belongs to among the candidates', or none."""
    judged = judge(entry, fp, candidates, statistics)
    stories: defaultdict[tuple[bool, int], list[Judged]] = defaultdict(list)
    for candidate in judged:
        past = candidate.past
        key = (True, past.entry.id) if past.story_id is None else (False, past.story_id)
        stories[key].append(candidate)
    best: Judged | None = None
    best_score = 0.0
    for members in stories.values():
        members.sort(key=lambda member: (-member.copy, -member.probability, member.past.entry.id))
        witnesses = members[:WITNESSES]
        score = sum(member.probability for member in witnesses) / len(witnesses)
        score = max(score, members[0].probability) if members[0].copy else score
        if best is None or (members[0].copy, score) > (best.copy, best_score):
            best, best_score = members[0], score
    if best is None:
        return Grouping(None, 0.0, copy=False, reason="nothing like it in the archive")
    if best.copy or best_score >= bar(fp, best.past.fingerprint):
        return Grouping(best.past, best_score, copy=best.copy, reason=_reason(best))
    return Grouping(None, best_score, copy=False, reason=f"only loosely like an earlier entry ({_reason(best)})")


def judge(entry: Entry, fp: Fingerprint, candidates: Sequence[PastEntry], statistics: TermStatistics) -> list[Judged]:
    """Each candidate with its likeness to the entry, in the order given; the entry itself is left out.

    Entries further apart than the story window tell two events, however alike: a yearly parade, a monthly launch.
    """
    comparer = Comparer(entry, fp, statistics)
    judged = []
    for past in candidates:
        if past.entry.id == entry.id:
            continue
        likeness = comparer.compare(past.entry, past.fingerprint)
        gap = likeness.gap_days or 0.0
        copy = gap <= COPY_DAYS and (likeness.copy >= COPY_BAR or _same_headline(fp, past.fingerprint))
        probability = weighting(_kind(fp, past.fingerprint)).probability(features_of(likeness))
        judged.append(Judged(past, likeness, probability if gap <= STORY_WINDOW_DAYS else 0.0, copy=copy))
    return judged


def bar(fp: Fingerprint, past: Fingerprint) -> float:
    """The probability from which these two are taken to tell one event."""
    return weighting(_kind(fp, past)).bar


def _kind(fp: Fingerprint, past: Fingerprint) -> str:
    return "story" if fp.sentences and past.sentences else "headline"


def _same_headline(fp: Fingerprint, past: Fingerprint) -> bool:
    """Two bare headlines in the same words; a word or two alone ("Live updates") prove nothing."""
    if fp.sentences or past.sentences:
        return False
    return len(fp.title_terms) > 2 and fp.title_terms == past.title_terms and fp.numbers == past.numbers


def _reason(judged: Judged) -> str:
    """What spoke for it, strongest first, in words for /why."""
    if judged.copy:
        return "the same text"
    likeness = judged.likeness
    parts = {
        "wording": likeness.text,
        "headline": likeness.title,
        "opening sentences": likeness.lead,
        "names": likeness.names,
        "numbers": likeness.numbers,
        "dates": likeness.dates,
        "concepts": likeness.concepts,
    }
    told = sorted((part for part in parts.items() if part[1] > 0), key=lambda part: -part[1])[:3]
    return ", ".join(f"{name} {value:.2f}" for name, value in told) or "nothing in common"
