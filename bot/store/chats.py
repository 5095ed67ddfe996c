"""Chats: where the bot is spoken to. Must not reach into another chat's rows but to merge the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, exists, func, select, text, update

from bot.model import Address, Chat, DeliveryState
from bot.store import schema
from bot.store.base import Part, bump_topics, topic_ids_of
from bot.store.database import INGEST_LOCK, chunks, insert
from bot.store.digests import end_lost_bundles, free_orphans
from bot.store.outbox import interrupted
from bot.store.rows import chat_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

_chats = schema.chats.c
_LANG = "en"


class Chats(Part):
    """The store's methods about chats."""

    async def chat_at(self, address: Address, *, title: str, now: datetime, lang: str | None = None) -> Chat:
        """See the port. An empty title keeps the known one."""
        async with self.database.read() as conn:
            known = await _at(conn, address)
        if known is not None and known.active and title in {"", known.title} and lang in {None, known.lang}:
            return known
        async with self.database.write() as conn:
            row = {"platform": address.platform.value, "address": address.chat, "title": title}
            statement = insert(conn, schema.chats).values(**row, created_at=now, active=True, lang=lang or _LANG)
            changed = {
                "active": True,
                "gone_at": None,
                "gone_why": None,
                "title": func.coalesce(func.nullif(title, ""), _chats.title),
                **({"lang": lang} if lang else {}),
            }
            await conn.execute(statement.on_conflict_do_update(index_elements=["platform", "address"], set_=changed))
            if known is not None and not known.active:
                await bump_topics(conn, await topic_ids_of(conn, known.id))
            chat = await _at(conn, address)
        if chat is None:  # pragma: no cover - it was written a line ago, in the same transaction
            raise AssertionError(address)
        return chat

    async def chat(self, chat_id: int) -> Chat | None:
        """See the port."""
        async with self.database.read() as conn:
            row = (await conn.execute(select(schema.chats).where(_chats.id == chat_id))).first()
        return None if row is None else chat_of(row)

    async def known_chat(self, address: Address) -> Chat | None:
        """See the port."""
        async with self.database.read() as conn:
            return await _at(conn, address)

    async def set_chat_active(self, chat_id: int, *, active: bool, why: str = "", now: datetime | None = None) -> None:
        """See the port."""
        gone = {"gone_at": None, "gone_why": None} if active else {"gone_at": now, "gone_why": why or None}
        async with self.database.write() as conn:
            await conn.execute(update(schema.chats).where(_chats.id == chat_id).values(active=active, **gone))
            await bump_topics(conn, await topic_ids_of(conn, chat_id))

    async def move_chat(self, chat_id: int, to: Address) -> None:
        """See the port."""
        # Alone, as an ingest that tells chats: both lock topics, chats and deliveries, but each in an order of its own.
        async with self.database.write(lock=INGEST_LOCK) as conn:
            other = await _at(conn, to)
            theirs = [] if other is None else await topic_ids_of(conn, other.id)
            if other is not None and other.id != chat_id:
                await _merge(conn, other.id, chat_id)
            where = {"platform": to.platform.value, "address": to.chat}
            await conn.execute(update(schema.chats).where(_chats.id == chat_id).values(**where))
            await bump_topics(conn, [*theirs, *await topic_ids_of(conn, chat_id)])


async def _at(conn: AsyncConnection, address: Address) -> Chat | None:
    query = select(schema.chats).where(_chats.platform == address.platform.value, _chats.address == address.chat)
    row = (await conn.execute(query)).first()
    return None if row is None else chat_of(row)


async def _merge(conn: AsyncConnection, source: int, target: int) -> None:
    """Give all that one chat has to another, and end the first."""
    # Both rows are locked in order of id, so that two moves at once cannot wait for each other.
    await conn.execute(select(_chats.id).where(_chats.id.in_([source, target])).order_by(_chats.id).with_for_update())
    await _merge_topics(conn, source, target)
    ends = {"source": source, "target": target}
    for table, column in _MOVED:
        await conn.execute(text(_MOVE_WHERE_FREE.format(table=table.name, column=column)), ends)
    await _merge_deliveries(conn, source, target)
    await conn.execute(text(_MOVE_SETTINGS), ends)
    await conn.execute(text(_MOVE_WAIT), ends)
    await conn.execute(text(_MOVE_NOTICES), ends)
    await conn.execute(
        update(schema.topic_shares).where(schema.topic_shares.c.chat_id == source).values(chat_id=target)
    )
    await conn.execute(delete(schema.chats).where(_chats.id == source))


_MOVED = (
    (schema.chat_feeds, "feed_id"),
    (schema.subscriptions, "topic_id"),
    (schema.chat_concepts, "name"),
    (schema.ratings, "story_id"),
    (schema.mutes, "key"),
)
_MOVE_WHERE_FREE = (
    "UPDATE {table} SET chat_id = :target WHERE chat_id = :source"
    " AND {column} NOT IN (SELECT {column} FROM {table} WHERE chat_id = :target)"
)
_MOVE_SETTINGS = (
    "UPDATE chat_settings SET chat_id = :target WHERE chat_id = :source"
    " AND NOT EXISTS (SELECT 1 FROM chat_settings WHERE chat_id = :target)"
)

_MOVE_WAIT = (
    "UPDATE chats SET wait_until = (SELECT wait_until FROM chats AS other WHERE other.id = :source)"
    " WHERE id = :target AND (wait_until IS NULL OR wait_until < (SELECT wait_until FROM chats AS other"
    " WHERE other.id = :source))"
)

_MOVE_NOTICES = (
    "UPDATE notices SET chat_id = :target WHERE chat_id = :source AND NOT EXISTS (SELECT 1 FROM notices AS said"
    " WHERE said.chat_id = :target AND said.kind = notices.kind AND said.subject = notices.subject)"
)


async def _merge_topics(conn: AsyncConnection, source: int, target: int) -> None:
    """Topics keep their names; one whose name is taken gets a number behind it."""
    topics = schema.topics.c
    taken = set(await conn.scalars(select(topics.name_key).where(topics.chat_id == target)))
    rows = (
        await conn.execute(select(topics.id, topics.name).where(topics.chat_id == source).order_by(topics.id))
    ).all()
    for row in rows:
        name, number = row.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{row.name} ({number})"
        taken.add(name.casefold())
        values = {"chat_id": target, "name": name, "name_key": name.casefold()}
        await conn.execute(update(schema.topics).where(topics.id == row.id).values(**values))


async def _merge_deliveries(conn: AsyncConnection, source: int, target: int) -> None:
    """Deliveries move; of two about the same alert, one that was sent stays, else the target's own.

    If the other may have arrived, so may the one that stays; and what it carried, if it was a digest.
    """
    row = schema.deliveries.c
    twin = schema.deliveries.alias("twin")
    same_alert = (twin.c.alert_id == row.alert_id) & (twin.c.chat_id != row.chat_id)
    sent = DeliveryState.SENT.value
    sent_there = exists().where(same_alert, twin.c.chat_id == source, twin.c.state == sent)
    # Two messages under way would break "one a chat": the moved one is taken from its holder, and so is what goes.
    goes = (row.chat_id == source) | ((row.chat_id == target) & sent_there)
    under_way = goes & (row.state == DeliveryState.SENDING.value)
    await conn.execute(update(schema.deliveries).where(under_way).values(**interrupted()))
    await end_lost_bundles(conn)
    superfluous = [
        (target, source, (row.state != sent) & (twin.c.state == sent)),
        (source, target, row.id.is_not(None)),
    ]
    for loser, keeper, worse in superfluous:
        copies = (row.chat_id == loser) & exists().where(same_alert, twin.c.chat_id == keeper, worse)
        await _pass_doubt_on(conn, copies, keeper)
        await conn.execute(delete(schema.deliveries).where(copies))
    await conn.execute(update(schema.deliveries).where(row.chat_id == source).values(chat_id=target))
    await free_orphans(conn, target)


async def _pass_doubt_on(conn: AsyncConnection, copies: ColumnElement[bool], keeper: int) -> None:
    """Of copies that go, mark what stays in their place, and the parts of the digests that they carry."""
    row = schema.deliveries.c
    in_doubt = select(row.id, row.alert_id).where(
        copies, row.maybe_sent.is_(True), row.state != DeliveryState.SENT.value
    )
    doubted = (await conn.execute(in_doubt)).all()
    # Who holds it would send it without a mark: what has not begun is to be claimed anew.
    waits = (row.state == DeliveryState.SENDING.value) & row.begun.is_(False)
    marked = {
        "maybe_sent": True,
        "state": case((waits, DeliveryState.PENDING.value), else_=row.state),
        "lease_until": case((waits, None), else_=row.lease_until),
    }
    stays = update(schema.deliveries).where(row.chat_id == keeper, row.state != DeliveryState.SENT.value)
    carried = update(schema.deliveries).where(row.state == DeliveryState.HELD.value)
    for chunk in chunks(doubted):
        await conn.execute(stays.where(row.alert_id.in_([one.alert_id for one in chunk])).values(**marked))
        await conn.execute(carried.where(row.bundle_id.in_([one.id for one in chunk])).values(maybe_sent=True))
