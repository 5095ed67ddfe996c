"""Writing ingest plans, inside the transaction of its unit. Must not begin or end one, nor decide anything."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, select, update

from bot.model import Action, DeliveryState, IngestPlan, NewDelivery
from bot.store import schema, search, tallies
from bot.store.database import add, insert, insert_in, select_in, upsert
from bot.store.feeds import write_polls
from bot.store.merges import merge_stories
from bot.store.rows import (
    alert_row,
    digest,
    entry_row,
    link_row,
    match_row,
    pack_fingerprint,
    pack_terms,
    story_row,
    unpack_terms,
)
from bot.store.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Match, NewEntry

_deliveries = schema.deliveries.c


async def write_plans(conn: AsyncConnection, plans: Sequence[IngestPlan], *, beside_others: bool = False) -> None:
    """Write everything that the plans hold, in the order that foreign keys ask for.

    ``beside_others`` are written at the same time: what all of them count is noted, to be added up.
    """
    plan = _whole(plans)
    entries = _last_of_each(plan)
    added = await _write_entries(conn, entries, known=[new.entry.id for new in plan.edited])
    added.counters.update(plan.counters)
    await (tallies.note if beside_others else tallies.write)(conn, added)
    await _write_keys(conn, plans)
    await upsert(conn, schema.stories, [story_row(story) for story in plan.stories])
    members = {entry_id: story_id for story_id, entry_id in plan.members}
    await upsert(
        conn,
        schema.story_entries,
        [{"entry_id": entry_id, "story_id": story_id} for entry_id, story_id in members.items()],
    )
    await _write_stages(conn, plan)
    await _write_matches(conn, plan.matches)
    await _write_links(conn, plan)
    await merge_stories(conn, plan.merges)
    if plan.alerts:
        await conn.execute(schema.alerts.insert(), [alert_row(alert) for alert in plan.alerts])
    await _write_deliveries(conn, plan.deliveries)
    await _reserve_ids(
        conn,
        entry=(new.entry.id for new in entries),
        story=(story.id for story in plan.stories),
        alert=(alert.id for alert in plan.alerts),
    )
    await write_polls(conn, [each.poll for each in plans if each.poll is not None], newest=_newest(plans))


def _whole(plans: Sequence[IngestPlan]) -> IngestPlan:
    """What all plans hold, as one; without their polls, of which a plan has one at most."""
    if len(plans) == 1:
        return plans[0]
    lists: dict[str, Any] = {name: tuple(chain.from_iterable(getattr(plan, name) for plan in plans)) for name in _LISTS}
    counters = sum((Counter(plan.counters) for plan in plans), Counter[str]())
    return IngestPlan(counters=counters, **lists)


def _newest(plans: Sequence[IngestPlan]) -> dict[int, datetime]:
    """The date of the newest entry that each polled feed brought."""
    return {
        plan.poll.feed_id: max(new.entry.at for new in plan.entries)
        for plan in plans
        if plan.poll is not None and plan.entries
    }


def _last_of_each(plan: IngestPlan) -> tuple[NewEntry, ...]:
    """Each entry once: an edit that comes in the same plan as the entry itself is the one that counts."""
    return tuple({new.entry.id: new for new in (*plan.entries, *plan.edited)}.values())


# ---------------------------------------------------------------- entries


async def _write_entries(conn: AsyncConnection, entries: Sequence[NewEntry], *, known: Sequence[int]) -> Tally:
    """Write entries and what is found of them; those that may be ``known`` are taken out of the index first.

    Returns what that adds to the running numbers.
    """
    if not entries:
        return Tally(0, Counter(), Counter())
    # Some of this is work for the processor, which commands need not wait for; nor may it wait behind other such work.
    terms, packed, changes = await asyncio.to_thread(_packed, entries)
    prints = schema.fingerprints.c
    rows = await select_in(
        conn, known, lambda ids: select(prints.entry_id, prints.index_terms).where(prints.entry_id.in_(ids))
    )
    outdated = [(row.entry_id, unpack_terms(row.index_terms)) for row in rows]
    for _, words in outdated:
        changes.subtract(set(words))
    if outdated:
        await search.take_from_index(conn, outdated)
    await upsert(conn, schema.entries, [entry_row(new.entry) for new in entries])
    await upsert(conn, schema.fingerprints, packed)
    await search.add_to_index(conn, [(new.entry.id, new.entry.at, terms[new.entry.id]) for new in entries])
    return Tally(len(entries) - len(outdated), changes, Counter())


def _packed(entries: Sequence[NewEntry]) -> tuple[dict[int, tuple[str, ...]], list[dict[str, Any]], Counter[str]]:
    """The normal terms of each entry, the rows of their fingerprints, and in how many of them each term stands."""
    terms = {new.entry.id: search.normal_terms(new.index_terms) for new in entries}
    rows = [
        {
            "entry_id": new.entry.id,
            "data": pack_fingerprint(new.fingerprint),
            "index_terms": pack_terms(terms[new.entry.id]),
        }
        for new in entries
    ]
    return terms, rows, Counter(chain.from_iterable(map(set, terms.values())))


async def _write_keys(conn: AsyncConnection, plans: Sequence[IngestPlan]) -> None:
    """Remember the keys; one that names an entry already counts as seen again.

    It goes on naming that, but for one of a new entry: the feed has given it to another.
    """
    rows: dict[bytes, dict[str, Any]] = {}
    for plan in plans:
        named = [(key, new.entry.id) for new in _last_of_each(plan) for key in new.keys]
        named += [(seen.key, seen.entry_id) for seen in plan.seen]
        seen_at = _moment(plan)
        for key, entry_id in named:
            name = digest(key)
            rows.setdefault(name, {"key": name, "entry_id": entry_id, "seen_at": seen_at})
    fresh = {digest(key) for plan in plans for new in plan.entries for key in new.keys}
    for given in (True, False):
        # In order of key, as every batch of rows that two transactions might share.
        batch = [rows[name] for name in sorted(rows) if (name in fresh) is given]
        if batch:
            await conn.execute(_keys_seen(conn.dialect.name, given=given), batch)


@cache
def _keys_seen(dialect: str, *, given: bool) -> sqlite.Insert | postgresql.Insert:
    statement = insert_in(dialect, schema.entry_keys)
    changed = {"seen_at": statement.excluded.seen_at}
    if given:
        changed["entry_id"] = statement.excluded.entry_id
    return statement.on_conflict_do_update(index_elements=["key"], set_=changed)


def _moment(plan: IngestPlan) -> datetime | None:
    """When this plan's entries were seen: the time of the poll, or of the newest first sight."""
    if plan.poll is not None:
        return plan.poll.at
    return max((new.entry.first_seen_at for new in (*plan.entries, *plan.edited)), default=None)


async def _write_stages(conn: AsyncConnection, plan: IngestPlan) -> None:
    """How far each new entry came, for /whynot. What is decided later about a known one hides nothing of it.

    One that was rewritten, and only then got into a story, came further than was known.
    """
    rewritten = {new.entry.id for new in plan.edited if new.keys}
    fresh = {new.entry.id for new in plan.entries} | (rewritten & {entry_id for _, entry_id in plan.members})
    stages = {decision.entry_id: decision.stage for decision in plan.decisions if decision.entry_id in fresh}
    rows = [{"entry_id": entry_id, "stage": stage} for entry_id, stage in stages.items()]
    await upsert(conn, schema.entry_stages, rows)


# ---------------------------------------------------------------- stories and matches


async def _write_matches(conn: AsyncConnection, matches: Sequence[Match]) -> None:
    # A topic may have been removed since the plan's topics were read; its matches are of no use to anybody.
    left = await _existing(conn, schema.topics, {match.topic_id for match in matches})
    rows = {(match.topic_id, match.entry_id): match_row(match) for match in matches if match.topic_id in left}
    await upsert(conn, schema.matches, list(rows.values()))


async def _write_links(conn: AsyncConnection, plan: IngestPlan) -> None:
    """A story's backstory is written as a whole: what it was before goes."""
    story_ids = sorted({link.story_id for link in plan.links} | set(plan.unlinked))
    if story_ids:
        await conn.execute(delete(schema.story_links).where(schema.story_links.c.story_id.in_(story_ids)))
    if plan.links:
        await conn.execute(schema.story_links.insert(), [link_row(link) for link in plan.links])


# ---------------------------------------------------------------- deliveries


async def _write_deliveries(conn: AsyncConnection, deliveries: Sequence[NewDelivery]) -> None:
    left = await _existing(conn, schema.chats, {new.chat_id for new in deliveries})
    wanted = _coalesced([new for new in deliveries if new.chat_id in left])
    fresh: list[NewDelivery] = []
    spoken: set[tuple[int, int]] = set()
    for new in wanted:
        story = new.chat_id, new.story_id
        if new.action is Action.EDIT and story not in spoken and await _joins_waiting_edit(conn, new):
            continue
        fresh.append(new)
        spoken.add(story)
    if not fresh:
        return
    for new in fresh:
        if new.action is Action.REPLY:
            await _hurry_waiting_edit(conn, new)
    rows = [
        {
            "chat_id": new.chat_id,
            "alert_id": new.alert_id,
            "story_id": new.story_id,
            "action": new.action.value,
            "topics": list(new.topics),
            "not_before": new.not_before,
            "state": (DeliveryState.PENDING if new.held_for is None else DeliveryState.HELD).value,
            "held_for": None if new.held_for is None else new.held_for.value,
            "attempts": 0,
            "token": 0,
            "maybe_sent": False,
        }
        for new in fresh
    ]
    await conn.execute(insert(conn, schema.deliveries).on_conflict_do_nothing(), rows)


def _coalesced(deliveries: Iterable[NewDelivery]) -> list[NewDelivery]:
    """Of several edits of one message only one row: at the first one's place, with the last one's alert.

    An edit changes its story's newest message in the chat: one behind an update is about the update.
    """
    kept: dict[object, NewDelivery] = {}
    messages: Counter[tuple[int, int]] = Counter()
    for new in deliveries:
        story = new.chat_id, new.story_id
        is_edit = new.action is Action.EDIT
        name = (*story, None, messages[story]) if is_edit else (*story, new.alert_id)
        earlier = kept.get(name)
        if is_edit and earlier is not None:
            topics = tuple(dict.fromkeys((*earlier.topics, *new.topics)))
            kept[name] = dataclasses.replace(new, topics=topics, not_before=earlier.not_before)
        else:
            kept[name] = new
            messages[story] += not is_edit
    return list(kept.values())


async def _joins_waiting_edit(conn: AsyncConnection, new: NewDelivery) -> bool:
    """Let an edit that still waits say the newest; it keeps its time, lest a stream of copies put it off for ever.

    One that waits before a newer message of the story is about the message above that, and is left alone.
    """
    newest = (
        select(_deliveries.id, _deliveries.topics, _deliveries.action, _deliveries.state)
        .where(_deliveries.chat_id == new.chat_id, _deliveries.story_id == new.story_id)
        .order_by(_deliveries.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = (await conn.execute(newest)).first()
    if row is None or (row.action, row.state) != (Action.EDIT.value, DeliveryState.PENDING.value):
        return False
    topics = list(dict.fromkeys((*row.topics, *new.topics)))
    changed = update(schema.deliveries).where(_deliveries.id == row.id)
    await conn.execute(changed.values(alert_id=new.alert_id, topics=topics))
    return True


async def _hurry_waiting_edit(conn: AsyncConnection, reply: NewDelivery) -> None:
    """An update must come after what is still to be said in the message above it, and is not to wait for that."""
    mine = (_deliveries.chat_id == reply.chat_id) & (_deliveries.story_id == reply.story_id)
    waiting = mine & (_deliveries.action == Action.EDIT.value) & (_deliveries.state == DeliveryState.PENDING.value)
    hurried = update(schema.deliveries).where(waiting, _deliveries.not_before > reply.not_before)
    await conn.execute(hurried.values(not_before=reply.not_before))


# ---------------------------------------------------------------- numbers


async def _existing(conn: AsyncConnection, table: Table, ids: Iterable[int]) -> frozenset[int]:
    """Which rows are there, held until the transaction ends, so that they cannot be removed under it."""
    query = select(table.c.id).with_for_update(read=True, key_share=True)
    rows = await select_in(conn, sorted(ids), lambda chunk: query.where(table.c.id.in_(chunk)))
    return frozenset(row.id for row in rows)


async def add_counters(conn: AsyncConnection, counters: Mapping[str, int]) -> None:
    """Add to the running totals."""
    await add(conn, schema.counters, counters)


_IDS_USED: Final = (
    update(schema.sequences)
    .where(schema.sequences.c.name == bindparam("of"), schema.sequences.c.value < bindparam("first"))
    .values(value=bindparam("first"))
)


async def _reserve_ids(conn: AsyncConnection, **used: Iterable[int]) -> None:
    """Move the next free ids past those that the plan used."""
    free = [{"of": name, "first": highest + 1} for name, ids in used.items() if (highest := max(ids, default=0))]
    if free:
        await conn.execute(_IDS_USED, free)


_LISTS: Final = tuple(each.name for each in dataclasses.fields(IngestPlan) if each.name not in {"poll", "counters"})
