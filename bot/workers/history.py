"""What a plan needs to know of what is stored, asked for within the transaction that will store the plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.ingest import History
from bot.model import TermStatistics
from bot.stories.fingerprint import candidate_terms, query_terms
from bot.stories.group import within_reach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.ingest import Prepared
    from bot.model import PastEntry
    from bot.store.port import IngestUnit


def keys_of(prepared: Sequence[Prepared]) -> list[str]:
    """Every name under which one of these entries may be known."""
    return sorted({key for item in prepared for key in item.keys})


def known_among(prepared: Sequence[Prepared], seen: Mapping[str, int]) -> set[int]:
    """The stored entries that these are, by their keys or their ids."""
    stored = {item.entry.id for item in prepared if item.stored}
    return stored | {seen[key] for item in prepared for key in item.keys if key in seen}


async def history_of(
    unit: IngestUnit, prepared: Sequence[Prepared], *, feed_id: int
) -> tuple[History, list[tuple[PastEntry, ...]]]:
    """What the planner needs to know of entries that came by one feed, and the candidates of each."""
    seen = await unit.seen(keys_of(prepared))
    asks = [item.followed and not any(key in seen for key in item.keys) for item in prepared]
    wanted = {
        term for item, ask in zip(prepared, asks, strict=True) if ask for term in candidate_terms(item.fingerprint)
    }
    statistics = await unit.statistics(sorted(wanted)) if wanted else TermStatistics(0, {})
    candidates = [
        await _candidates(unit, item, statistics) if ask else () for item, ask in zip(prepared, asks, strict=True)
    ]
    known = {past.entry.id: past for past in await unit.past_entries(sorted(known_among(prepared, seen)))}
    # A story that no candidate can bring an entry into is only linked to: what it holds and led to is not asked for.
    stories = {past.story_id for past in known.values()} | {
        past.story_id
        for item, offered in zip(prepared, candidates, strict=True)
        for past in offered
        if within_reach(item.entry, past.entry)
    }
    context = await unit.context(
        feed_id=feed_id,
        topic_ids=sorted({match.topic_id for item in prepared for match in item.matches}),
        story_ids=sorted(story for story in stories if story is not None),
        feed_ids=sorted({feed_id, *(past.entry.feed_id for offered in candidates for past in offered)}),
    )
    return History(seen, known, statistics, context, await unit.next_ids()), candidates


async def _candidates(unit: IngestUnit, item: Prepared, statistics: TermStatistics) -> tuple[PastEntry, ...]:
    """What the entry may continue or tell again: full-text neighbours of any age, and the stories of these days.

    The latter are what brings languages together: two scripts share no word, but a concept, a number and a day.
    """
    window = timedelta(days=limits.STORY_WINDOW_DAYS)
    # Outlets date one event hours apart: the same story may hold an entry dated a little later than this one.
    since, before = item.entry.at - window, item.entry.at + window
    terms = query_terms(item.fingerprint, statistics, limit=limits.CANDIDATE_TERMS)
    found = await unit.candidates(terms, before=before, limit=limits.CANDIDATES) if terms else ()
    recent = await unit.recent(since=since, before=before, limit=limits.RECENT_CANDIDATES)
    return tuple({past.entry.id: past for past in (*found, *recent)}.values())
