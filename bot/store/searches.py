"""Searching the archive as one chat may see it, and what it searched for. Must not know what words mean."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, text

from bot import limits
from bot.model import SavedSearch
from bot.store import schema, search
from bot.store.base import Part
from bot.store.database import insert, select_in
from bot.store.feeds import serves
from bot.store.port import FoundPage, TracedEntry
from bot.store.rows import entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import TermQuery

_entries = schema.entries.c
_searches = schema.searches.c
# The entries that an expression is true for, of the feeds that a chat may see. An index holds all that
# is asked of an entry: the rows themselves are wide.
_FOUND = {
    True: (
        "FROM entry_search AS s CROSS JOIN entries AS e INDEXED BY ix_entries_seen ON e.id = s.rowid"
        " WHERE entry_search MATCH :expression AND e.feed_id IN (SELECT value FROM json_each(:feeds))"
        " AND (:lang = '' OR e.lang = :lang)"
    ),
    False: (
        "FROM entry_search AS s JOIN entries AS e ON e.id = s.entry_id"
        " WHERE s.terms @@ CAST(:expression AS tsquery)"
        " AND e.feed_id IN (SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:feeds AS json)))"
        " AND (CAST(:lang AS text) = '' OR e.lang = :lang)"
    ),
}
# A tsvector made of bare terms knows no counts: the fewer other terms an entry has, the more it is about these.
_BY_RANK = {True: "s.rank, s.rowid DESC", False: "length(s.terms), s.entry_id DESC"}
RANKED_MOST: Final = 5_000
"""Of more entries than this only the newest are ranked: a word that stands in so many tells little of any."""


class Searches(Part):
    """The store's methods for /search."""

    async def search(self, chat_id: int, query: TermQuery, *, best: bool, below: int, limit: int) -> FoundPage:
        """See the port."""
        expression = search.match_expression(query, sqlite=self.database.is_sqlite)
        if not expression:
            return FoundPage((), 0)
        async with self.database.read() as conn:
            feeds = list((await conn.scalars(select(schema.feeds.c.id).where(serves(chat_id)))).all())
            asked = _Asked(expression, json.dumps(feeds), query.lang or "")
            total = await _count(conn, asked)
            ids = await _ids(conn, asked, best=best, total=total, place=(below, limit)) if below < total else []
            return FoundPage(await _traced(conn, ids), total)

    async def keep_search(self, chat_id: int, words: str, *, now: datetime) -> SavedSearch:
        """See the port."""
        async with self.database.write() as conn:
            row = {"chat_id": chat_id, "words": words, "created_at": now}
            statement = insert(conn, schema.searches).values(row)
            await conn.execute(
                statement.on_conflict_do_update(index_elements=["chat_id", "words"], set_={"created_at": now})
            )
            mine = select(_searches.id).where(_searches.chat_id == chat_id)
            kept = mine.order_by(_searches.created_at.desc(), _searches.id.desc()).limit(limits.SEARCHES_PER_CHAT)
            await conn.execute(
                delete(schema.searches).where(_searches.chat_id == chat_id, _searches.id.not_in(kept.scalar_subquery()))
            )
            stored = select(schema.searches).where(_searches.chat_id == chat_id, _searches.words == words)
            found = (await conn.execute(stored)).one()
        return SavedSearch(found.id, found.chat_id, found.words, found.created_at)

    async def kept_search(self, chat_id: int, search_id: int) -> SavedSearch | None:
        """See the port."""
        query = select(schema.searches).where(_searches.chat_id == chat_id, _searches.id == search_id)
        async with self.database.read() as conn:
            row = (await conn.execute(query)).first()
        return None if row is None else SavedSearch(row.id, row.chat_id, row.words, row.created_at)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The values of a search's SQL: ``feeds`` is a JSON list of their ids, ``lang`` "" for any."""

    expression: str
    feeds: str
    lang: str


async def _count(conn: AsyncConnection, asked: _Asked) -> int:
    statement = text(f"SELECT count(*) {_FOUND[_is_sqlite(conn)]}")
    total: int = (await conn.execute(statement, asdict(asked))).scalar_one()
    return total


async def _ids(conn: AsyncConnection, asked: _Asked, *, best: bool, total: int, place: tuple[int, int]) -> list[int]:
    """A page of ids: newest first, or best first."""
    sqlite = _is_sqlite(conn)
    order, since = "e.at DESC, e.id DESC", ""
    values = {**asdict(asked), "below": place[0], "limit": place[1]}
    if best:
        order = _BY_RANK[sqlite]
        if total > RANKED_MOST:
            newest: int = (await conn.scalars(text("SELECT max(id) FROM entries"))).one()
            since = f" AND {'s.rowid' if sqlite else 's.entry_id'} > :since"
            values["since"] = newest - newest * RANKED_MOST // total
    statement = text(f"SELECT e.id {_FOUND[sqlite]}{since} ORDER BY {order} LIMIT :limit OFFSET :below")
    return list((await conn.scalars(statement, values)).all())


def _is_sqlite(conn: AsyncConnection) -> bool:
    return conn.dialect.name == "sqlite"


async def _traced(conn: AsyncConnection, ids: Sequence[int]) -> tuple[TracedEntry, ...]:
    """These entries with their stories, in this order."""
    member = schema.story_entries.c
    joined = select(schema.entries, member.story_id).outerjoin(schema.story_entries, member.entry_id == _entries.id)
    rows = await select_in(conn, ids, lambda chunk: joined.where(_entries.id.in_(chunk)))
    found = {row.id: TracedEntry(entry_of(row), row.story_id, None) for row in rows}
    return tuple(found[entry_id] for entry_id in ids if entry_id in found)
