"""Decides whether an entry tells an event that the archive already holds, and which.

Works on a stream: it sees the past only, and the candidates that the archive offers. Look-alikes (the next earthquake,
another indictment) must stay apart, so a story is judged by several of its entries together, not by one lucky one.
Writes nothing and asks no store.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.limits import STORY_WINDOW_DAYS
from bot.stories.headlines import same_headline
from bot.stories.likeness import Comparer
from bot.stories.weights import features_of, kind_of, probability, weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry, Fingerprint, PastEntry, TermStatistics
    from bot.stories.likeness import Likeness

COPY_BAR: Final = 0.45
"""Share of shingles from which a text is a copy: agencies' clients cut and retouch, but seldom rewrite half."""
BAR: Final = 0.5
COPY_DAYS: Final = 14.0
WITNESSES: Final = 2
"""A story is judged by its likest entries of the same language, this many, and by all of other languages.

One lucky likeness must not join two events. Between languages likeness is faint and its errors are independent, so
that every telling that there is makes the judgement better."""
LONE: Final = 1.0
"""How far over the bar (log-odds) the one telling of a story must be that is asked across languages.

Whoever speaks the language of a wrong guest joins it: what one faint likeness did, no later witness undoes."""
HEADLINE_NAMES: Final = 2
HEADLINE_DAYS: Final = 1.0
"""How far apart two entries under one headline still tell one event: the next day it may stand over another."""
COLUMN_TEXT: Final = 0.35
"""An outlet's own two texts that share less than this, under one title, are two days of a column."""
_BOTH: Final = 2
STRANGERS: Final = -4.0
"""The score of two bare headlines that name none of the same."""
FAR_APART: Final = -30.0
"""The score of two entries further apart than the story window."""
PATIENCE: Final = 4.0
"""How far over the bar (log-odds) an undated telling must be where a second look follows (``second_look``).

So far that hardly more than one text told twice joins: what has joined, a second look cannot part any more."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where an entry belongs. ``same`` is the likest past entry of its story, None for a new story.

    ``score`` (0 to 1) is the best story's, chosen or not, one half being the bar; ``copy`` tells a syndicated copy or a
    near-identical text from an outlet's own telling; ``reason`` says what spoke for it. ``judged`` are the candidates,
    in the order given: who looks for a backstory among the same need not judge them again.
    """

    same: PastEntry | None
    score: float
    copy: bool
    reason: str
    judged: Sequence[Judged] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with how alike it is; from a score of 0 (log-odds over the bar) it tells the same event."""

    past: PastEntry
    likeness: Likeness
    score: float
    copy: bool
    titled: bool = False
    """Under the very same headline within a day: the same event, though perhaps in the outlet's own words."""

    @property
    def probability(self) -> float:
        """How likely it tells the same event, 0 to 1; one half is the bar."""
        return probability(self.score)


def find_story(
    entry: Entry,
    fp: Fingerprint,
    candidates: Sequence[PastEntry],
    statistics: TermStatistics,
    *,
    patient: bool = False,
) -> Grouping:
    """The story that an entry belongs to among the candidates', or none.

    ``patient`` asks for more where a date is missing: what stays apart now is looked at again when all is known.
    """
    best: Judged | None = None
    best_chance = 0.0
    judged = judge(entry, fp, candidates, statistics)
    for members in by_story(judged):
        testimony = _testimony(members)
        chance = probability(testimony - PATIENCE if patient and _is_undated(members[0]) else testimony)
        found = members[0]
        if best is None or (found.copy, found.titled, chance) > (best.copy, best.titled, best_chance):
            best, best_chance = found, chance
    if best is None:
        return Grouping(None, 0.0, copy=False, reason="nothing like it in the archive", judged=judged)
    if best.copy:
        return Grouping(best.past, max(best_chance, COPY_BAR), copy=True, reason=_reason(best), judged=judged)
    if best.titled or best_chance >= BAR:
        best_chance = max(best_chance, BAR)
        return Grouping(best.past, best_chance, copy=False, reason=_reason(best), judged=judged)
    loosely = f"only loosely like an earlier entry ({_reason(best)})"
    return Grouping(None, best_chance, copy=False, reason=loosely, judged=judged)


def by_story(judged: Sequence[Judged]) -> list[list[Judged]]:
    """The judged entries of each story, likest first; an entry of no story stands alone.

    What a story's entries from beyond the story window look like says nothing for or against it: they are left out.
    """
    stories: defaultdict[tuple[bool, int], list[Judged]] = defaultdict(list)
    for candidate in judged:
        past = candidate.past
        if candidate.score != FAR_APART or candidate.copy:
            key = (True, past.entry.id) if past.story_id is None else (False, past.story_id)
            stories[key].append(candidate)
    for members in stories.values():
        members.sort(key=lambda member: (-member.copy, -member.titled, -member.score, member.past.entry.id))
    return list(stories.values())


def tell_the_same(members: Sequence[Judged]) -> bool:
    """Whether a story, from its judged entries with the likest first, tells the event of the entry in question.

    One lone telling abroad that is not sure enough to join still is no other event.
    """
    return members[0].copy or members[0].titled or _testimony(members, doubt=0.0) >= 0


def judge(
    entry: Entry,
    fp: Fingerprint,
    candidates: Sequence[PastEntry],
    statistics: TermStatistics,
    *,
    near: bool = False,
) -> list[Judged]:
    """Each candidate with its likeness to the entry, in the order given; the entry itself is left out.

    Entries further apart than the story window tell two events, however alike: a yearly parade, a monthly launch.
    ``near`` sets the meaning of two tellings apart from what lies near, where the candidates are all that there is.
    """
    others = [past for past in candidates if past.entry.id != entry.id]
    comparer = Comparer(entry, fp, statistics, others)
    judged = []
    for past in others:
        likeness = comparer.compare(past.entry, past.fingerprint, near=near)
        gap = likeness.gap_days or 0.0
        bare = (not fp.sentences) + (not past.fingerprint.sentences)
        titled = gap <= HEADLINE_DAYS and _under_one_headline(entry, past.entry, likeness)
        copy = (gap <= COPY_DAYS and likeness.copy >= COPY_BAR) or (titled and not entry.text)
        score = weighting(kind_of(likeness, bare=bare)).score(features_of(likeness))
        if bare == _BOTH and not likeness.foreign and _name_others(fp, past.fingerprint):
            score = min(score, STRANGERS)
        judged.append(Judged(past, likeness, score if gap <= STORY_WINDOW_DAYS else FAR_APART, copy, titled))
    return judged


def _testimony(members: Sequence[Judged], *, doubt: float = LONE) -> float:
    """The mean score of a story's witnesses, ``doubt`` less for a lone one from abroad; ``members`` come likest first.

    Between languages a bare headline says little that could differ: where others tell more, it is not asked.
    """
    native = [member.score for member in members if not member.likeness.foreign]
    abroad = [member for member in members if member.likeness.foreign]
    telling = [member for member in abroad if member.past.fingerprint.sentences] or abroad
    foreign = [member.score for member in telling]
    witnesses = native[:WITNESSES] + foreign
    # Without a date there is a second look, and time brings nobody together: no more is asked there.
    alone = len(witnesses) == 1 and not native and abroad[0].likeness.gap_days is not None
    return sum(witnesses) / len(witnesses) - (doubt if alone else 0.0)


def _is_undated(judged: Judged) -> bool:
    """Whether time says nothing of the two; bare headlines and other languages have bars of their own."""
    return judged.likeness.gap_days is None and not judged.likeness.foreign and bool(judged.past.fingerprint.sentences)


def _name_others(fp: Fingerprint, past: Fingerprint) -> bool:
    """Two bare headlines that name none of the same: the next earthquake is told in the same words, elsewhere."""
    return min(len(fp.names), len(past.names)) >= HEADLINE_NAMES and not fp.names & past.names


def _under_one_headline(entry: Entry, past: Entry, likeness: Likeness) -> bool:
    """Whether both bear one headline, and not as an outlet's column does each day."""
    if entry.source == past.source and entry.text and past.text and likeness.text < COLUMN_TEXT:
        return False
    return same_headline(entry.title, past.title)


def _reason(judged: Judged) -> str:
    """What spoke for it, strongest first, in words for /why."""
    if judged.copy:
        return "the same text"
    if judged.titled:
        return "the same headline"
    likeness = judged.likeness
    parts = {
        "wording": likeness.text,
        "headline": likeness.title,
        "quotes": likeness.quote,
        "names": likeness.names,
        "numbers": likeness.numbers,
        "dates": likeness.dates,
        "concepts": likeness.concepts,
        "meaning": likeness.meaning or 0.0,
    }
    told = sorted((part for part in parts.items() if part[1] > 0), key=lambda part: -part[1])[:3]
    return ", ".join(f"{name} {value:.2f}" for name, value in told) or "nothing in common"
