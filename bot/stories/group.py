"""Decides whether an entry tells an event that the archive already holds, and which.

Works on a stream: it sees the past only, and candidates that the full-text index found. Look-alikes (the next
earthquake, another indictment) must stay apart, so a story is judged by its likest entries together, not by
one lucky one. Writes nothing and asks no store.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.limits import STORY_WINDOW_DAYS
from bot.stories.likeness import Comparer
from bot.stories.weights import features_of, probability, weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry, TermStatistics
    from bot.stories.likeness import Likeness

COPY_BAR: Final = 0.45
"""Share of shingles from which a text is a copy: agencies' clients cut and retouch, but seldom rewrite half."""
COPY_DAYS: Final = 14.0
WITNESSES: Final = 3
"""A story is judged by its likest entries, this many: one lucky likeness must not join two events."""
HEADLINE_NAMES: Final = 2
HEADLINE_TERMS: Final = 3
STRANGERS: Final = -4.0
"""The log-odds of two bare headlines that name none of the same."""
FAR_APART: Final = -30.0
"""The log-odds of two entries further apart than the story window."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an entry belongs. ``same`` is the likest past entry of its story, None for a new story.

    ``score`` (0 to 1) is the best story's, chosen or not; ``copy`` tells a syndicated copy or a
    near-identical text from an outlet's own telling; ``reason`` says what spoke for it.
    """

    same: PastEntry | None
    score: float
    copy: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with how alike it is and the log-odds that it tells the same event."""

    past: PastEntry
    likeness: Likeness
    score: float
    copy: bool

    @property
    def probability(self) -> float:
        """How likely it tells the same event, 0 to 1."""
        return probability(self.score)


def find_story(entry: Entry, fp: Fingerprint, candidates: Sequence[PastEntry], statistics: TermStatistics) -> Grouping:
    """The story that an entry belongs to among the candidates', or none."""
    judged = judge(entry, fp, candidates, statistics)
    stories: defaultdict[tuple[bool, int], list[Judged]] = defaultdict(list)
    for candidate in judged:
        past = candidate.past
        if candidate.score == FAR_APART and not candidate.copy:
            continue  # what a story's older entries look like says nothing for or against
        key = (True, past.entry.id) if past.story_id is None else (False, past.story_id)
        stories[key].append(candidate)
    best: Judged | None = None
    best_chance = 0.0
    for members in stories.values():
        members.sort(key=lambda member: (-member.copy, -member.score, member.past.entry.id))
        witnesses = members[:WITNESSES]
        chance = probability(sum(member.score for member in witnesses) / len(witnesses))
        if best is None or (members[0].copy, chance) > (best.copy, best_chance):
            best, best_chance = members[0], chance
    if best is None:
        return Grouping(None, 0.0, copy=False, reason="nothing like it in the archive")
    if best.copy:
        return Grouping(best.past, max(best_chance, COPY_BAR), copy=True, reason=_reason(best))
    if best_chance >= bar(fp, best.past.fingerprint):
        return Grouping(best.past, best_chance, copy=False, reason=_reason(best))
    return Grouping(None, best_chance, copy=False, reason=f"only loosely like an earlier entry ({_reason(best)})")


def judge(entry: Entry, fp: Fingerprint, candidates: Sequence[PastEntry], statistics: TermStatistics) -> list[Judged]:
    """Each candidate with its likeness to the entry, in the order given; the entry itself is left out.

    Entries further apart than the story window tell two events, however alike: a yearly parade, a monthly launch.
    """
    others = [past for past in candidates if past.entry.id != entry.id]
    comparer = Comparer(entry, fp, statistics, [past.fingerprint for past in others])
    judged = []
    for past in others:
        likeness = comparer.compare(past.entry, past.fingerprint)
        gap = likeness.gap_days or 0.0
        copy = gap <= COPY_DAYS and (likeness.copy >= COPY_BAR or _same_headline(fp, past.fingerprint))
        score = weighting(_kind(fp, past.fingerprint)).score(features_of(likeness))
        if _name_others(fp, past.fingerprint):
            score = min(score, STRANGERS)
        judged.append(Judged(past, likeness, score if gap <= STORY_WINDOW_DAYS else FAR_APART, copy=copy))
    return judged


def bar(fp: Fingerprint, past: Fingerprint) -> float:
    """The probability from which these two are taken to tell one event."""
    return weighting(_kind(fp, past)).bar


def _kind(fp: Fingerprint, past: Fingerprint) -> str:
    return "story" if fp.sentences or past.sentences else "headline"


def _name_others(fp: Fingerprint, past: Fingerprint) -> bool:
    """Two bare headlines that name none of the same: the next earthquake is told in the same words, elsewhere."""
    if _kind(fp, past) == "story":
        return False
    return min(len(fp.names), len(past.names)) >= HEADLINE_NAMES and not fp.names & past.names


def _same_headline(fp: Fingerprint, past: Fingerprint) -> bool:
    """Two bare headlines in the same words; a word or two alone ("Live updates") prove nothing."""
    if fp.sentences or past.sentences:
        return False
    return len(fp.title_terms) >= HEADLINE_TERMS and fp.title_terms == past.title_terms and fp.numbers == past.numbers


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
