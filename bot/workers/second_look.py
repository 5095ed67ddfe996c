"""Takes a second look at stories of undated coverage and makes one of those that are. Tells nobody.

For a file of past coverage, which is known as a whole (``bot.replay``). Not for what a chat has been told: its alerts
are the planner's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.model import IngestPlan
from bot.stories.fingerprint import candidate_terms, query_terms
from bot.stories.merge import merged_links, merged_story
from bot.stories.second_look import final, merges_of, ties_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Context, PastEntry, StoryMerge
    from bot.store.port import IngestUnit, Store
    from bot.stories.second_look import Tie

_BATCH: Final = 200
_EVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a second look made of stories: ``merges`` lead from each that is gone to what it went into."""

    merges: dict[int, int]

    def story(self, story_id: int) -> int:
        """The story that one has become."""
        return final(self.merges, story_id)


async def second_look(store: Store, entry_ids: Sequence[int], *, links: int) -> Looked:
    """Compare the stories of these entries with all that is stored by now, and merge those that prove to be one.

    ``links`` is how long a backstory may be. Costs about as much as grouping the entries did; nothing is compared where
    every entry has a date.
    """
    async with store.ingest() as unit:
        entries = await _stored(unit, entry_ids)
        if all(past.entry.published_at is not None for past in entries):
            return Looked({})
        ties: list[Tie] = []
        for past in entries:
            ties += await _ties(unit, past)
        merges = merges_of(entries, ties)
        story_ids = sorted({past.story_id for past in entries if past.story_id is not None})
        context = await unit.context(feed_id=0, topic_ids=(), story_ids=story_ids)
        await unit.apply(_plan(merges, context, links=links))
    return Looked({merge.gone: merge.kept for merge in merges})


async def _stored(unit: IngestUnit, entry_ids: Sequence[int]) -> list[PastEntry]:
    """Those of the entries that belong to a story."""
    found: list[PastEntry] = []
    for start in range(0, len(entry_ids), _BATCH):
        batch = await unit.past_entries(entry_ids[start : start + _BATCH])
        found += [past for past in batch if past.story_id is not None]
    return found


async def _ties(unit: IngestUnit, past: PastEntry) -> list[Tie]:
    """What an entry has to do with the archive's likest, whenever they came."""
    statistics = await unit.statistics(candidate_terms(past.fingerprint))
    terms = query_terms(past.fingerprint, statistics, limit=limits.CANDIDATE_TERMS)
    offered = await unit.candidates(terms, before=_EVER, limit=limits.CANDIDATES) if terms else ()
    return ties_of(past, offered, statistics)


def _plan(merges: Sequence[StoryMerge], context: Context, *, links: int) -> IngestPlan:
    """The merges as a plan: what each story that stays then holds, and where it leads."""
    stories = dict(context.stories)
    theirs = dict(context.links)
    inside: dict[int, list[int]] = {}
    for merge in merges:
        stories[merge.kept] = merged_story(stories[merge.kept], stories.pop(merge.gone))
        theirs[merge.kept] = (*theirs.get(merge.kept, ()), *theirs.pop(merge.gone, ()))
        inside.setdefault(merge.kept, [merge.kept]).extend([merge.gone, *inside.pop(merge.gone, ())])
    kept = {
        story_id: merged_links(stories[story_id], theirs[story_id], limit=links, inside=gone)
        for story_id, gone in inside.items()
    }
    return IngestPlan(
        stories=tuple(stories[story_id] for story_id in kept),
        links=tuple(link for each in kept.values() for link in each),
        unlinked=tuple(story_id for story_id, each in kept.items() if not each),
        merges=tuple(merges),
        counters={"merged": len(merges)} if merges else {},
    )
