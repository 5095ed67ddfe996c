"""What a plan needs to know of what is stored, asked for within the transaction that will store the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import limits
from bot.ingest import History
from bot.model import Context, NextIds, TermStatistics
from bot.stories.fingerprint import candidate_terms, query_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.ingest import Prepared
    from bot.model import Match, PastEntry
    from bot.store.port import IngestUnit
    from bot.topics.match import Matcher

NO_CONTEXT = Context(stories={}, members={}, links={}, alerts={}, deliveries={}, subscribers={}, followers=frozenset())


def keys_of(prepared: Sequence[Prepared]) -> list[str]:
    """Every name under which one of these entries may be known."""
    return sorted({key for item in prepared for key in item.keys})


def known_among(prepared: Sequence[Prepared], seen: Mapping[str, int]) -> set[int]:
    """The stored entries that these are, by their keys or their ids."""
    stored = {item.entry.id for item in prepared if item.stored}
    return stored | {seen[key] for item in prepared for key in item.keys if key in seen}


async def history_of(
    unit: IngestUnit, prepared: Sequence[Prepared], *, feed_id: int, matcher: Matcher | None = None
) -> History:
    """What the planner needs to know of entries that came by one feed, but for stories.

    Without the ``matcher`` that they were prepared with, none of them can be told to be past coverage.
    """
    seen = await unit.seen(keys_of(prepared))
    known = {past.entry.id: past for past in await unit.past_entries(sorted(known_among(prepared, seen)))}
    history = History(seen, known, TermStatistics(0, {}), NO_CONTEXT, NextIds(0, 0, 0))
    if matcher is not None:
        history = replace(history, overlooked=_overlooked(prepared, history, matcher))
    wanted = {term for item in prepared if _is_grouped(item, history) for term in candidate_terms(item.fingerprint)}
    statistics = await unit.statistics(sorted(wanted)) if wanted else history.statistics
    topic_ids = sorted({match.topic_id for item in prepared for match in item.matches})
    context = await unit.context(feed_id=feed_id, topic_ids=topic_ids, story_ids=(), feed_ids=(feed_id,))
    return replace(history, statistics=statistics, context=context, next_ids=await unit.next_ids())


async def candidates_of(unit: IngestUnit, item: Prepared, history: History) -> tuple[PastEntry, ...]:
    """What an entry may continue or tell again: full-text neighbours of any age, and the stories of these days.

    The latter are what brings languages together: two scripts share no word, but a concept, a number and a day.
    Nothing for an entry that nobody follows, or that is known, unless it has only now grown into a match.
    """
    if not _is_grouped(item, history):
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


def _is_grouped(item: Prepared, history: History) -> bool:
    entry_id = history.known_as(item)
    if not item.followed or entry_id is None:
        return item.followed
    past = history.known.get(entry_id)
    return past is not None and history.grows(item, past)


def _overlooked(prepared: Sequence[Prepared], history: History, matcher: Matcher) -> frozenset[int]:
    """The stored entries among these that are wanted as they were by every topic that wants them as they are now."""
    found = set()
    for item in prepared:
        entry_id = history.known_as(item)
        past = None if entry_id is None else history.known.get(entry_id)
        if past is not None and history.grows(item, past):
            before = matcher.match(past.entry, matcher.scan(past.entry))
            if _relevant(item.matches) <= _relevant(before):
                found.add(past.entry.id)
    return frozenset(found)


def _relevant(matches: Sequence[Match]) -> set[int]:
    return {match.topic_id for match in matches if match.relevant}
