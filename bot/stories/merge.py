"""Two stories that prove to be one: when, and what the one is then. Pure.

A wrong merge is worse than a missed one: it hides an event, and cannot be undone. So a new entry must tell the event of
both beyond doubt, and the entries of the two must bear each other out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.limits import STORY_WINDOW_DAYS
from bot.stories.group import judge
from bot.stories.likeness import cosine, gap_days, resemblance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import BackstoryLink, Fingerprint, PastEntry, Story, TermStatistics
    from bot.stories.group import Judged

COPY: Final = 0.6
"""Share of shingles from which a text ties the two stories that it was printed in."""
LOOK: Final = 0.35
"""Likeness of wording from which a second story is worth a closer look."""
BAR: Final = 2.5
"""The score (log-odds over the bar of grouping) that the second story's entries must reach on average."""
AGREEMENT: Final = 1.0
"""The mean score of the two stories' entries held against each other."""
WITNESSES: Final = 3


def find_twin(me: PastEntry, own_story: int, pool: Sequence[PastEntry], statistics: TermStatistics) -> int | None:
    """The other story that an entry of ``own_story`` shows to be the same one, or None. ``pool`` are its candidates."""
    others: defaultdict[int, list[PastEntry]] = defaultdict(list)
    for past in pool:
        if past.story_id is not None and past.story_id != own_story and _near(me, past):
            others[past.story_id].append(past)
    own = [past for past in pool if past.story_id == own_story and _near(me, past)]
    if not own:
        return None
    for story_id, members in sorted(others.items()):
        if any(_copies(me, past) for past in members) and any(_copies(me, past) for past in own):
            return story_id
        if any(_alike(me.fingerprint, past.fingerprint) for past in members) and _one(me, own, members, statistics):
            return story_id
    return None


def merged_story(kept: Story, gone: Story) -> Story:
    """The kept story with what the other one held; it keeps its number, its headline and its first entry."""
    return replace(
        kept,
        started_at=min(kept.started_at, gone.started_at),
        updated_at=max(kept.updated_at, gone.updated_at),
        entry_count=kept.entry_count + gone.entry_count,
        outlets=tuple(dict.fromkeys((*kept.outlets, *gone.outlets))),
        origins=tuple(dict.fromkeys((*kept.origins, *gone.origins))),
    )


def merged_links(
    story: Story, links: Iterable[BackstoryLink], *, limit: int, inside: Sequence[int] = ()
) -> tuple[BackstoryLink, ...]:
    """The links that a story still has, best first: none to its own entries (``inside``) and none to its future."""
    found: dict[int, BackstoryLink] = {}
    stories: set[int] = set(inside)
    for link in sorted(links, key=lambda link: -link.score):
        if link.at > story.started_at or link.past_story_id in stories or link.entry_id in found:
            continue
        if link.past_story_id is not None:
            stories.add(link.past_story_id)
        found[link.entry_id] = link
    best = list(found.values())[:limit]
    return tuple(replace(link, story_id=story.id, rank=rank) for rank, link in enumerate(best))


def _near(me: PastEntry, past: PastEntry) -> bool:
    gap = gap_days(me.entry, past.entry)
    if gap is None:  # without its own date, the day on which it was first seen must do
        gap = abs((me.entry.at - past.entry.at).total_seconds()) / 86_400
    return gap <= STORY_WINDOW_DAYS


def _copies(one: PastEntry, other: PastEntry) -> bool:
    return resemblance(one.fingerprint.shingles, other.fingerprint.shingles) >= COPY


def _alike(one: Fingerprint, other: Fingerprint) -> bool:
    return cosine(one.terms, other.terms) >= LOOK


def _one(me: PastEntry, own: Sequence[PastEntry], others: Sequence[PastEntry], statistics: TermStatistics) -> bool:
    """Whether the entry vouches for both stories, and their likest entries for each other."""
    judged = judge(me.entry, me.fingerprint, [*own, *others], statistics)
    theirs = _likest(judged, {past.entry.id for past in others})
    ours = _likest(judged, {past.entry.id for past in own})
    if _mean(theirs) < BAR or _mean(ours) < BAR:
        return False
    second = [each.past for each in theirs]
    scores = [
        found.score for first in ours for found in judge(first.past.entry, first.past.fingerprint, second, statistics)
    ]
    return sum(scores) / len(scores) >= AGREEMENT


def _likest(judged: Sequence[Judged], entry_ids: set[int]) -> list[Judged]:
    found = sorted((each for each in judged if each.past.entry.id in entry_ids), key=lambda each: -each.score)
    return found[:WITNESSES]


def _mean(judged: Sequence[Judged]) -> float:
    return sum(each.score for each in judged) / len(judged)
