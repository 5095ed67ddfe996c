"""Reading the archive as one chat may see it: by date for backtests, by address for /whynot. Must not write."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from bot.model import TermStatistics
from bot.store import schema, search, tallies
from bot.store.base import Part
from bot.store.feeds import serves
from bot.store.port import TracedEntry
from bot.store.rows import delivery_of, digest, entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from bot.model import Delivery, Entry

_entries = schema.entries.c
_feeds = schema.feeds.c
_members = schema.story_entries.c
_deliveries = schema.deliveries.c


def _visible(chat_id: int | None) -> ColumnElement[bool]:
    """Entries of feeds that serve the chat; all entries for nobody in particular."""
    if chat_id is None:
        return _entries.id.is_not(None)
    return _entries.feed_id.in_(select(_feeds.id).where(serves(chat_id)))


class Archive(Part):
    """The store's methods about the archive as a chat sees it."""

    async def archive_dates(self, chat_id: int | None = None) -> tuple[datetime, datetime] | None:
        """See the port."""
        dates = select(func.min(_entries.at), func.max(_entries.at)).where(_visible(chat_id))
        async with self.database.read() as conn:
            oldest, newest = (await conn.execute(dates)).one()
        return None if newest is None else (oldest, newest)

    async def span(
        self, chat_id: int | None, *, since: datetime, until: datetime, below: tuple[datetime, int] | None, limit: int
    ) -> tuple[Entry, ...]:
        """See the port."""
        query = select(schema.entries).where(_entries.at >= since, _entries.at <= until, _visible(chat_id))
        if below is not None:
            last_at, last_id = below
            query = query.where(or_(_entries.at < last_at, and_(_entries.at == last_at, _entries.id < last_id)))
        async with self.database.read() as conn:
            rows = await conn.execute(query.order_by(_entries.at.desc(), _entries.id.desc()).limit(limit))
        return tuple(map(entry_of, rows))

    async def statistics(self, terms: Sequence[str]) -> TermStatistics:
        """See the port."""
        column = schema.sequences.c
        async with self.database.read() as conn:
            entries: int = (await conn.execute(select(column.value).where(column.name == "entries"))).scalar_one()
            noted = await tallies.pending(conn)
            known = Counter(await search.frequencies(conn, terms))
            known.update({term: noted.terms[term] for term in terms if term in noted.terms})
            return TermStatistics(entries + noted.entries, dict(known))

    async def entries_at(self, url: str) -> tuple[TracedEntry, ...]:
        """See the port."""
        stage = schema.entry_stages.c
        query = (
            select(schema.entries, _members.story_id, stage.stage)
            .outerjoin(schema.story_entries, _members.entry_id == _entries.id)
            .outerjoin(schema.entry_stages, stage.entry_id == _entries.id)
            .where(_entries.url_key == digest(url))
            .order_by(_entries.id)
        )
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(TracedEntry(entry_of(row), row.story_id, row.stage) for row in rows)

    async def serves(self, chat_id: int, feed_id: int) -> bool:
        """See the port."""
        async with self.database.read() as conn:
            row = (await conn.execute(select(_feeds.id).where(_feeds.id == feed_id, serves(chat_id)))).first()
        return row is not None

    async def story_deliveries(self, chat_id: int, story_id: int) -> tuple[Delivery, ...]:
        """See the port."""
        query = (
            select(schema.deliveries)
            .where(_deliveries.chat_id == chat_id, _deliveries.story_id == story_id)
            .order_by(_deliveries.id)
        )
        async with self.database.read() as conn:
            rows = await conn.execute(query)
        return tuple(map(delivery_of, rows))
