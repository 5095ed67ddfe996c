"""Reading entries of the archive, alone or with their fingerprints. Must not write them: ``ingest`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot import limits
from bot.model import Entry, PastEntry
from bot.store import schema
from bot.store.base import Part
from bot.store.database import select_in
from bot.store.rows import Row, digest, entry_of, unpack_fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_entries = schema.entries.c
_members = schema.story_entries.c


class Entries(Part):
    """The store's methods about single entries and the archive as a whole."""

    async def seen(self, keys: Sequence[str]) -> Mapping[str, int]:
        """See the port."""
        async with self.database.read() as conn:
            return await entries_by_key(conn, keys)

    async def archive(self, *, after_id: int, limit: int) -> tuple[Entry, ...]:
        """See the port."""
        query = select(schema.entries).where(_entries.id > after_id).order_by(_entries.id).limit(limit)
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(entry_of, rows))

    async def entry(self, entry_id: int) -> Entry | None:
        """See the port."""
        async with self.database.read() as conn:
            row = (await conn.execute(select(schema.entries).where(_entries.id == entry_id))).first()
        return None if row is None else entry_of(row)

    async def story_entries(self, story_id: int) -> tuple[Entry, ...]:
        """See the port."""
        query = (
            select(schema.entries)
            .join(schema.story_entries, _members.entry_id == _entries.id)
            .where(_members.story_id == story_id)
            .order_by(_entries.at, _entries.id)
        )
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(entry_of, rows))


_PAST = (
    select(schema.entries, schema.fingerprints.c.data, _members.story_id)
    .join(schema.fingerprints, schema.fingerprints.c.entry_id == _entries.id)
    .outerjoin(schema.story_entries, _members.entry_id == _entries.id)
)


async def entries_by_key(conn: AsyncConnection, keys: Iterable[str]) -> dict[str, int]:
    """Which of these keys are known, and the entry that each names."""
    key_of = {digest(key): key for key in keys}
    column = schema.entry_keys.c
    rows = await select_in(conn, key_of, lambda chunk: select(column.key, column.entry_id).where(column.key.in_(chunk)))
    return {key_of[bytes(row.key)]: row.entry_id for row in rows}


async def past_entries(conn: AsyncConnection, entry_ids: Iterable[int]) -> tuple[PastEntry, ...]:
    """These entries, in the order asked for; unknown ids are left out."""
    asked = list(entry_ids)
    rows = await select_in(conn, asked, lambda chunk: _PAST.where(_entries.id.in_(chunk)))
    found = {row.id: _past_entry_of(row) for row in rows}
    return tuple(found[entry_id] for entry_id in asked if entry_id in found)


async def recent_entries(
    conn: AsyncConnection, *, since: datetime, before: datetime, limit: int
) -> tuple[PastEntry, ...]:
    """Entries that belong to a story and are dated within the span, both ends included, newest first."""
    query = (
        _PAST.where(_members.story_id.is_not(None), _entries.at >= since, _entries.at <= before)
        .order_by(_entries.at.desc(), _entries.id.desc())
        .limit(limit)
    )
    return tuple(map(_past_entry_of, await conn.execute(query)))


async def members_of(conn: AsyncConnection, story_ids: Iterable[int]) -> dict[int, tuple[PastEntry, ...]]:
    """The entries of each story, oldest first: of a large one those that opened it, and the newest."""
    column = schema.story_entries.c
    place = func.row_number().over(partition_by=column.story_id, order_by=column.entry_id).label("place")
    size = func.count().over(partition_by=column.story_id).label("size")

    def query(chunk: Any) -> Any:  # noqa: ANN401 - a bound parameter, a statement
        placed = select(column.entry_id, place, size).where(column.story_id.in_(chunk)).subquery()
        ends = (placed.c.place <= limits.MEMBERS_FIRST) | (placed.c.place > placed.c.size - limits.MEMBERS_NEWEST)
        return _PAST.where(_entries.id.in_(select(placed.c.entry_id).where(ends))).order_by(_entries.at, _entries.id)

    grouped: dict[int, list[PastEntry]] = {}
    for row in await select_in(conn, story_ids, query):
        grouped.setdefault(row.story_id, []).append(_past_entry_of(row))
    return {story_id: tuple(members) for story_id, members in grouped.items()}


def _past_entry_of(row: Row) -> PastEntry:
    return PastEntry(entry_of(row), unpack_fingerprint(row.data), row.story_id)
