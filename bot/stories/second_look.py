"""Which stories of undated coverage are one, once all of it is known. Pure: decides, and changes nothing.

Where nobody says when something happened, time brings no two tellings together and keeps no look-alikes apart. So such
entries join a story with caution as they come (``bot.stories.group``), and afterwards the stories are compared as
wholes: the likest two become one first, then the next, as long as all their entries together say so (average linkage;
Manning, Raghavan and Schütze 2008, chapter 17). Stories whose entries are all dated are left as they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from bot.model import StoryMerge
from bot.stories.group import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import PastEntry, TermStatistics

BAR: Final = -1.0
"""The mean score (log-odds over the bar of grouping) from which two stories are one.

Below zero: a mean over many pairs errs less than any one of them. Found on ECB+, by topics held out; a lower bar would
suit it better still, and join look-alikes of one topic."""
STRANGERS: Final = -3.0
"""The score of two entries of which neither was offered as a candidate of the other."""
ABROAD: Final = 1.0
"""How much less a likeness between languages counts: it is faint, and here no date speaks against it.

Found on coverage of one topic in seven languages, with its dates taken away."""
LIMIT: Final = 6.0
"""No pair counts more than this, either way: one copy makes up for few strangers."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two entries, by their ids, and how much speaks for one event: log-odds over the bar of grouping."""

    one: int
    other: int
    score: float


def ties_of(me: PastEntry, candidates: Sequence[PastEntry], statistics: TermStatistics) -> list[Tie]:
    """What an entry and each of its candidates have to do with each other; few of them, since most are strangers."""
    ties = []
    for each in judge(me.entry, me.fingerprint, candidates, statistics, near=True):
        heard = each.score - ABROAD if each.likeness.foreign else each.score
        score = LIMIT if each.copy or each.titled else max(-LIMIT, min(LIMIT, heard))
        if score > STRANGERS:
            ties.append(Tie(me.entry.id, each.past.entry.id, score))
    return ties


def merges_of(entries: Iterable[PastEntry], ties: Iterable[Tie]) -> tuple[StoryMerge, ...]:
    """The merges to make, in order, of stories that hold an entry without a date; the older number is kept."""
    look = _Look(entries)
    for tie in ties:
        look.tie(tie)
    return tuple(look.merges())


class _Look:
    """The stories as they stand, and for each two of them that have a tie the sum of their pairs' scores."""

    def __init__(self, entries: Iterable[PastEntry]) -> None:
        self._story: dict[int, int] = {}
        self._size: defaultdict[int, int] = defaultdict(int)
        self._undated: set[int] = set()
        self._sums: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self._seen: set[tuple[int, int]] = set()
        for past in entries:
            if past.story_id is not None:
                self._story[past.entry.id] = past.story_id
                self._size[past.story_id] += 1
                if past.entry.published_at is None:
                    self._undated.add(past.story_id)

    def tie(self, tie: Tie) -> None:
        """Add a tie; the second of the same two entries says nothing new."""
        pair = (min(tie.one, tie.other), max(tie.one, tie.other))
        one, other = self._story.get(tie.one), self._story.get(tie.other)
        if one is None or other is None or one == other or pair in self._seen:
            return
        self._seen.add(pair)
        for left, right in ((one, other), (other, one)):
            self._sums[left][right] = self._sums[left].get(right, 0.0) + tie.score - STRANGERS

    def merges(self) -> Iterable[StoryMerge]:
        """Merge the likest two while they are over the bar."""
        queue = [self._offer(one, other) for one, others in self._sums.items() for other in others if one < other]
        heapify(queue)
        while queue:
            offer = heappop(queue)
            _, kept, gone = offer
            if gone not in self._sums.get(kept, {}) or offer != self._offer(kept, gone):
                continue  # one of the two has changed since
            if -offer[0] < BAR:
                return
            self._join(kept, gone)
            yield StoryMerge(gone, kept)
            for other in self._sums[kept]:
                heappush(queue, self._offer(min(kept, other), max(kept, other)))

    def _offer(self, one: int, other: int) -> tuple[float, int, int]:
        """Two stories with the mean of all their pairs, best first in a heap."""
        if not {one, other} & self._undated:
            return LIMIT, one, other
        return -(STRANGERS + self._sums[one][other] / (self._size[one] * self._size[other])), one, other

    def _join(self, kept: int, gone: int) -> None:
        for other, total in self._sums.pop(gone).items():
            del self._sums[other][gone]
            if other != kept:
                joint = self._sums[kept].get(other, 0.0) + total
                self._sums[kept][other] = self._sums[other][kept] = joint
        self._size[kept] += self._size.pop(gone)
        if gone in self._undated:
            self._undated.add(kept)


def final(merges: Mapping[int, int], story: int) -> int:
    """The story that one has become; ``merges`` lead from a story that is gone to the one that it went into."""
    while story in merges:
        story = merges[story]
    return story
