"""Upkeep: what is old enough goes, a small batch at a time. Must not decide what is old: the caller says before when.

Entries go with their full-text rows, index terms, fingerprints, stages and matches; stories, links, alerts and
deliveries stay, and say what they said. Three kinds of entries never go: imported ones, the newest of each feed (its
document may still hold them, and they would come back as new), and those of a story that somebody is yet to be told.
The key of an entry that is gone is remembered for longer than the entry.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from bot import limits
from bot.model import DeliveryState
from bot.store import schema, search, tallies
from bot.store.base import Part
from bot.store.database import INGEST_LOCK, chunks, select_in
from bot.store.feeds import ARCHIVE
from bot.store.port import Trimmed
from bot.store.rows import unpack_terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_entries = schema.entries.c
_keys = schema.entry_keys.c
_prints = schema.fingerprints.c


class Upkeep(Part):
    """The store's methods that delete what is old, and what is said of the database itself."""

    def is_away(self, error: Exception) -> bool:
        """See the port."""
        return isinstance(error, OperationalError | InterfaceError)

    async def trim_entries(
        self, *, before: datetime, after: tuple[datetime, int] | None, limit: int
    ) -> Trimmed[tuple[datetime, int]]:
        """See the port."""
        query = _old(before).order_by(_entries.at, _entries.id).limit(limit)
        if after is not None:
            last_at, last_id = after
            query = query.where(or_(_entries.at > last_at, and_(_entries.at == last_at, _entries.id > last_id)))
        async with self.database.read() as conn:
            # Most often there is nothing to delete; then nobody waits for the right to ingest.
            seen = (await conn.execute(query)).all()
            stays_from = {feed_id: await _stays_from(conn, feed_id) for feed_id in {row.feed_id for row in seen}}
        goes = [row.id for row in seen if row.id < stays_from[row.feed_id]]
        if goes:
            async with self.database.write(lock=INGEST_LOCK) as conn:
                # Asked again inside the transaction: an alert may have come to wait for one of them.
                still = await select_in(conn, goes, lambda ids: _old(before).where(_entries.id.in_(ids)))
                goes = [row.id for row in still]
                await _delete(conn, goes)
        return Trimmed(len(goes), (seen[-1].at, seen[-1].id) if len(seen) == limit else None)

    async def trim_seen(self, *, before: datetime, after: bytes | None, limit: int) -> Trimmed[bytes]:
        """See the port."""
        query = select(_keys.key, _keys.seen_at, _keys.entry_id).order_by(_keys.key).limit(limit)
        if after is not None:
            query = query.where(_keys.key > after)
        async with self.database.read() as conn:
            rows = (await conn.execute(query)).all()
        old = [row.key for row in rows if row.seen_at is not None and row.seen_at < before]
        deleted = 0
        if old:
            known = exists().where(_entries.id == _keys.entry_id)
            gone = delete(schema.entry_keys).where(_keys.key.in_(old), _keys.seen_at < before, ~known)
            async with self.database.write(lock=INGEST_LOCK) as conn:
                deleted = (await conn.execute(gone)).rowcount
        return Trimmed(deleted, rows[-1].key if len(rows) == limit else None)


def _old(before: datetime) -> Select[Any]:
    """Entries first seen before then that nobody may still ask for; their date, which has an index, is no later."""
    columns = (_entries.id, _entries.at, _entries.feed_id)
    imported = select(schema.feeds.c.id).where(schema.feeds.c.state == ARCHIVE)
    return (
        select(*columns)
        .where(_entries.at < before, _entries.first_seen_at < before)
        .where(_entries.feed_id.not_in(imported), ~_untold())
    )


def _untold() -> ColumnElement[bool]:
    """Whether the entry's story has an alert that is not through."""
    members, deliveries = schema.story_entries.c, schema.deliveries.c
    return exists().where(
        members.entry_id == _entries.id,
        deliveries.story_id == members.story_id,
        deliveries.state != DeliveryState.SENT.value,
    )


async def _stays_from(conn: AsyncConnection, feed_id: int) -> int:
    """The id of the oldest entry of a feed that stays because there are few newer ones; 0 if all stay."""
    newest = select(_entries.id).where(_entries.feed_id == feed_id).order_by(_entries.id.desc())
    oldest: int | None = await conn.scalar(newest.offset(limits.KEPT_PER_FEED - 1).limit(1))
    return oldest or 0


async def _delete(conn: AsyncConnection, entry_ids: Sequence[int]) -> None:
    """Take entries out of the index and its counts, then delete them; what refers to them goes by cascade."""
    if not entry_ids:
        return
    rows = await select_in(
        conn, entry_ids, lambda ids: select(_prints.entry_id, _prints.index_terms).where(_prints.entry_id.in_(ids))
    )
    indexed = [(row.entry_id, unpack_terms(row.index_terms)) for row in rows]
    changes: Counter[str] = Counter()
    for _, words in indexed:
        changes.subtract(set(words))
    await tallies.add_up(conn)
    await search.take_from_index(conn, indexed)
    await search.count_terms(conn, changes)
    unused = delete(schema.terms).where(schema.terms.c.entries <= 0)
    for chunk in chunks(changes):
        await conn.execute(unused.where(schema.terms.c.term.in_(chunk)))
    await conn.execute(delete(schema.entries).where(_entries.id.in_(entry_ids)))
    numbers = schema.sequences.c
    count = update(schema.sequences).where(numbers.name == "entries")
    await conn.execute(count.values(value=numbers.value - len(entry_ids)))
