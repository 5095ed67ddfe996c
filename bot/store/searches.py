"""Searching the archive as one chat may see it, and what it searched for. Must not know what words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, text

from bot import limits
from bot.model import SavedSearch
from bot.store import schema, search
from bot.store.archive import visible
from bot.store.base import Part
from bot.store.database import insert, select_in
from bot.store.port import FoundPage, TracedEntry
from bot.store.rows import entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import TermQuery

_entries = schema.entries.c
_searches = schema.searches.c
_SQLITE_MATCH = "entries.id IN (SELECT rowid FROM entry_search WHERE entry_search MATCH :expression)"
_POSTGRES_MATCH = "entries.id IN (SELECT entry_id FROM entry_search WHERE terms @@ CAST(:expression AS tsquery))"
_SQLITE_RANK = (
    "SELECT rowid FROM entry_search WHERE entry_search MATCH :expression ORDER BY rank, rowid DESC LIMIT :most"
)
# A tsvector made of bare terms knows no counts: the fewer other terms an entry has, the more it is about these.
_POSTGRES_RANK = (
    "SELECT entry_id FROM entry_search WHERE terms @@ CAST(:expression AS tsquery)"
    " ORDER BY length(terms), entry_id DESC LIMIT :most"
)
_RANKED_MOST = 2000
"""The best of these, over all chats, are looked through for what this chat may see."""


class Searches(Part):
    """The store's methods for /search."""

    async def search(self, chat_id: int, query: TermQuery, *, best: bool, below: int, limit: int) -> FoundPage:
        """See the port."""
        expression = search.match_expression(query, sqlite=self.database.is_sqlite)
        if not expression:
            return FoundPage((), 0)
        allowed = [visible(chat_id)] + ([_entries.lang == query.lang] if query.lang else [])
        async with self.database.read() as conn:
            match = text(_SQLITE_MATCH if self.database.is_sqlite else _POSTGRES_MATCH)
            match = match.bindparams(bindparam("expression", expression))
            total: int = (
                await conn.execute(select(func.count()).select_from(schema.entries).where(match, *allowed))
            ).scalar_one()
            if best:
                ids = await _best(conn, expression, allowed, most=below + limit)
                ids = ids[below : below + limit]
            else:
                newest = select(_entries.id).where(match, *allowed).order_by(_entries.at.desc(), _entries.id.desc())
                ids = list((await conn.scalars(newest.offset(below).limit(limit))).all())
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


async def _best(
    conn: AsyncConnection, expression: str, allowed: Sequence[ColumnElement[bool]], *, most: int
) -> list[int]:
    """The ids of the best entries of those allowed, best first."""
    rank = text(_SQLITE_RANK if conn.dialect.name == "sqlite" else _POSTGRES_RANK)
    ranked = list((await conn.scalars(rank, {"expression": expression, "most": max(most, _RANKED_MOST)})).all())

    def seen(chunk: list[int]) -> Select[int]:
        return select(_entries.id).where(_entries.id.in_(chunk), *allowed)

    may_see = {row.id for row in await select_in(conn, ranked, seen)}
    return [entry_id for entry_id in ranked if entry_id in may_see]


async def _traced(conn: AsyncConnection, ids: Sequence[int]) -> tuple[TracedEntry, ...]:
    """These entries with their stories, in this order."""
    member = schema.story_entries.c
    joined = select(schema.entries, member.story_id).outerjoin(schema.story_entries, member.entry_id == _entries.id)
    rows = await select_in(conn, ids, lambda chunk: joined.where(_entries.id.in_(chunk)))
    found = {row.id: TracedEntry(entry_of(row), row.story_id, None) for row in rows}
    return tuple(found[entry_id] for entry_id in ids if entry_id in found)
