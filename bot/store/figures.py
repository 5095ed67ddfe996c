"""Figures for /status and doctor. Must not show one chat what belongs to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from bot.model import DeliveryState
from bot.store import schema
from bot.store.base import Part
from bot.store.feeds import ARCHIVE, serves
from bot.store.port import StoreStatus
from bot.store.stories import stories_of
from bot.store.topics import belongs_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_feeds = schema.feeds.c
_deliveries = schema.deliveries.c

_OUTBOX = select(
    _deliveries.state,
    func.count().label("count"),
    func.min(_deliveries.not_before).label("oldest"),
    func.sum(case((_deliveries.maybe_sent, 1), else_=0)).label("marked"),
).group_by(_deliveries.state)


class Figures(Part):
    """The store's method about itself."""

    async def status(self, chat_id: int | None = None) -> StoreStatus:
        """See the port. A chat sees no running totals: they count what happened in all chats."""
        async with self.database.read() as conn:
            return await (_of_all(conn) if chat_id is None else _of_chat(conn, chat_id))


async def _of_all(conn: AsyncConnection) -> StoreStatus:
    numbers = {row.name: row.value for row in await conn.execute(select(schema.sequences))}
    counters = {row.name: row.value for row in await conn.execute(select(schema.counters))}
    feeds = select(func.count()).select_from(schema.feeds).where(_feeds.state != ARCHIVE)
    return StoreStatus(
        feeds=await _number(conn, feeds),
        feeds_failing=await _number(conn, feeds.where(_feeds.failures > 0)),
        entries=numbers["entries"],
        stories=await _number(conn, select(func.count()).select_from(schema.stories)),
        topics=await _number(conn, select(func.count()).select_from(schema.topics)),
        chats=await _number(conn, select(func.count()).select_from(schema.chats)),
        last_entry_at=(await conn.execute(select(func.max(_feeds.last_entry_at)))).scalar(),
        counters=counters,
        **await _outbox(conn, _OUTBOX),
    )


async def _of_chat(conn: AsyncConnection, chat_id: int) -> StoreStatus:
    mine = serves(chat_id)
    feeds = select(func.count()).select_from(schema.feeds).where(mine, _feeds.state != ARCHIVE)
    entries = select(func.count()).select_from(schema.entries)
    return StoreStatus(
        feeds=await _number(conn, feeds),
        feeds_failing=await _number(conn, feeds.where(_feeds.failures > 0)),
        entries=await _number(conn, entries.where(schema.entries.c.feed_id.in_(select(_feeds.id).where(mine)))),
        stories=await _number(conn, select(func.count()).select_from(stories_of(chat_id).subquery())),
        topics=await _number(conn, select(func.count()).select_from(schema.topics).where(belongs_to(chat_id))),
        chats=await _number(conn, select(func.count()).select_from(schema.chats).where(schema.chats.c.id == chat_id)),
        last_entry_at=(await conn.execute(select(func.max(_feeds.last_entry_at)).where(mine))).scalar(),
        **await _outbox(conn, _OUTBOX.where(_deliveries.chat_id == chat_id)),
    )


async def _number(conn: AsyncConnection, query: Select[int]) -> int:
    number: int = (await conn.execute(query)).scalar_one()
    return number


async def _outbox(conn: AsyncConnection, query: Select[Any]) -> Mapping[str, Any]:
    rows = {DeliveryState(row.state): row for row in await conn.execute(query)}
    waiting = rows.get(DeliveryState.PENDING)
    return {
        "outbox": {state: row.count for state, row in rows.items()},
        "oldest_pending_at": None if waiting is None else waiting.oldest,
        "repeats": rows[DeliveryState.SENT].marked if DeliveryState.SENT in rows else 0,
    }
