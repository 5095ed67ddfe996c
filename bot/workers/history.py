"""What a plan needs to know of what is stored, asked for within the transaction that will store the plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.ingest import History
from bot.model import TermStatistics
from bot.stories.fingerprint import candidate_terms, query_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.ingest import Prepared
    from bot.model import Context, PastEntry
    from bot.store.port import IngestUnit


def keys_of(prepared: Sequence[Prepared]) -> list[str]:
    """Every name under which one of these entries may be known."""
    return sorted({key for item in prepared for key in item.keys})


def known_among(prepared: Sequence[Prepared], seen: Mapping[str, int]) -> set[int]:
    """The stored entries that these are, by their keys or their ids."""
    stored = {item.entry.id for item in prepared if item.stored}
    return stored | {seen[key] for item in prepared for key in item.keys if key in seen}


async def history_of(unit: IngestUnit, prepared: Sequence[Prepared], *, feed_id: int) -> History:
    """What the planner needs to know of entries that came by one feed, but for stories."""
    seen = await unit.seen(keys_of(prepared))
    wanted = {term for item in prepared if _is_grouped(item, seen) for term in candidate_terms(item.fingerprint)}
    statistics = await unit.statistics(sorted(wanted)) if wanted else TermStatistics(0, {})
    known = {past.entry.id: past for past in await unit.past_entries(sorted(known_among(prepared, seen)))}
    topic_ids = sorted({match.topic_id for item in prepared for match in item.matches})
    context = await unit.context(feed_id=feed_id, topic_ids=topic_ids, story_ids=(), feed_ids=(feed_id,))
    return History(seen, known, statistics, context, await unit.next_ids())


async def candidates_of(unit: IngestUnit, item: Prepared, history: History) -> tuple[PastEntry, ...]:
    """What an entry may continue or tell again: full-text neighbours of any age, and the stories of these days.

    The latter are what brings languages together: two scripts share no word, but a concept, a number and a day.
    Nothing for an entry that is known, or that nobody follows.
    """
    if not _is_grouped(item, history.seen):
        return ()
    window = timedelta(days=limits.STORY_WINDOW_DAYS)
    # Outlets date one event hours apart: the same story may hold an entry dated a little later than this one.
    since, before = item.entry.at - window, item.entry.at + window
    terms = query_terms(item.fingerprint, history.statistics, limit=limits.CANDIDATE_TERMS)
    found = await unit.candidates(terms, before=before, limit=limits.CANDIDATES) if terms else ()
    recent = await unit.recent(since=since, before=before, limit=limits.RECENT_CANDIDATES)
    return tuple({past.entry.id: past for past in (*found, *recent)}.values())


async def context_of(
    unit: IngestUnit, story_ids: Collection[int], candidates: Sequence[PastEntry], *, feed_id: int
) -> Context:
    """What is known of these stories, and whom the candidates' feeds serve."""
    feed_ids = sorted({past.entry.feed_id for past in candidates})
    return await unit.context(feed_id=feed_id, topic_ids=(), story_ids=sorted(story_ids), feed_ids=feed_ids)


def _is_grouped(item: Prepared, seen: Mapping[str, int]) -> bool:
    return item.followed and not any(key in seen for key in item.keys)
