"""Summaries in other words, kept so that an edit or a repeat says the same. Must not judge them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert
from bot.store.plan import add_counters
from bot.store.rows import digest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_wordings = schema.wordings.c


class Wordings(Part):
    """The store's methods for better words."""

    async def wording(self, entry_id: int, said: str, lang: str) -> str | None:
        """See the port."""
        async with self.database.read() as conn:
            return await _kept(conn, entry_id, digest(said), lang)

    async def keep_wording(self, entry_id: int, said: str, lang: str, summary: str, *, counter: str) -> str:
        """See the port."""
        row = {"entry_id": entry_id, "said": digest(said), "lang": lang, "summary": summary}
        async with self.database.write() as conn:
            statement = insert(conn, schema.wordings).values(row).on_conflict_do_nothing().returning(_wordings.lang)
            if (await conn.execute(statement)).first() is not None:
                await add_counters(conn, {counter: 1})
            kept = await _kept(conn, entry_id, digest(said), lang)
        return kept or ""


async def _kept(conn: AsyncConnection, entry_id: int, said: bytes, lang: str) -> str | None:
    query = select(_wordings.summary).where(
        _wordings.entry_id == entry_id, _wordings.said == said, _wordings.lang == lang
    )
    summary: str | None = (await conn.execute(query)).scalar()
    return summary
