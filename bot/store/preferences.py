"""What chats chose: settings, mutes, and topics offered to others. Must not decide what follows from them."""

from __future__ import annotations

import dataclasses
from datetime import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update

from bot.model import Sensitivity
from bot.preferences import ChatSettings, Every, Mute, MuteKind, QuietHours, Rhythm, TopicShare
from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert, select_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Hold
    from bot.store.rows import Row

_settings = schema.chat_settings.c
_mutes = schema.mutes.c
_rows = schema.deliveries.c


class Preferences(Part):
    """The store's methods about what chats chose."""

    async def settings_of(self, chat_id: int) -> ChatSettings:
        """See the port."""
        async with self.database.read() as conn:
            return (await settings_by_chat(conn, [chat_id])).get(chat_id, ChatSettings())

    async def put_settings(
        self, chat_id: int, settings: ChatSettings, *, held_until: Mapping[Hold, datetime], now: datetime
    ) -> None:
        """See the port."""
        values = _settings_row(settings)
        waits = (_rows.chat_id == chat_id, schema.WAITS_FOR_DIGEST, _rows.not_before > now, _rows.asked.is_(False))
        async with self.database.write() as conn:
            statement = insert(conn, schema.chat_settings).values(chat_id=chat_id, **values)
            await hold_chat(conn, chat_id)
            await conn.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))
            for reason, moment in held_until.items():
                held = update(schema.deliveries).where(*waits, _rows.held_for == reason.value)
                await conn.execute(held.values(not_before=moment))

    async def mutes_of(self, chat_id: int, *, now: datetime) -> tuple[Mute, ...]:
        """See the port."""
        async with self.database.read() as conn:
            return tuple(await running_mutes(conn, [chat_id], now))

    async def put_mute(self, mute: Mute) -> Mute:
        """See the port."""
        changed = {"name": mute.name, "until": mute.until, "created_at": mute.created_at}
        async with self.database.write() as conn:
            statement = insert(conn, schema.mutes).values(_mute_row(mute))
            statement = statement.on_conflict_do_update(index_elements=["chat_id", "kind", "key"], set_=changed)
            mute_id: int = (await conn.execute(statement.returning(_mutes.id))).scalar_one()
        return dataclasses.replace(mute, id=mute_id)

    async def remove_mutes(self, chat_id: int, mute_id: int | None = None) -> tuple[Mute, ...]:
        """See the port."""
        mine = _mutes.chat_id == chat_id
        if mute_id is not None:
            mine &= _mutes.id == mute_id
        async with self.database.write() as conn:
            ended = [_mute_of(row) for row in await conn.execute(_named_mutes().where(mine))]
            await conn.execute(delete(schema.mutes).where(mine))
        return tuple(ended)

    async def share_topic(self, share: TopicShare) -> None:
        """See the port."""
        table = schema.topic_shares.c
        earlier = (table.chat_id == share.chat_id) & (table.name == share.name)
        row = dataclasses.asdict(share) | {"sensitivity": share.sensitivity.value}
        async with self.database.write() as conn:
            await conn.execute(delete(schema.topic_shares).where(earlier))
            await conn.execute(schema.topic_shares.insert().values(row))

    async def share_of(self, chat_id: int, name: str) -> TopicShare | None:
        """See the port."""
        table = schema.topic_shares.c
        return await self._share((table.chat_id == chat_id) & (table.name == name))

    async def shared_topic(self, token: str) -> TopicShare | None:
        """See the port."""
        return await self._share(schema.topic_shares.c.token == token)

    async def _share(self, which: ColumnElement[bool]) -> TopicShare | None:
        async with self.database.read() as conn:
            row = (await conn.execute(select(schema.topic_shares).where(which))).first()
        if row is None:
            return None
        return TopicShare(row.token, row.chat_id, row.name, row.query, Sensitivity(row.sensitivity), row.created_at)


def mute_key(kind: MuteKind, target: int | str) -> str:
    """What one mute of a chat is told from its others by: the topic's or story's id, or a name."""
    return f"{kind.value}:{target}"


async def hold_chat(conn: AsyncConnection, chat_id: int) -> None:
    """Be the only one, to the end of the transaction, who changes what is held for a chat.

    Each of those changes touches many rows in an order of its own, and two at once could wait for each other for ever.
    """
    await conn.execute(select(schema.chats.c.id).where(schema.chats.c.id == chat_id).with_for_update(key_share=True))


async def settings_by_chat(conn: AsyncConnection, chat_ids: Iterable[int]) -> dict[int, ChatSettings]:
    """The settings of those chats that chose any."""
    rows = await select_in(
        conn, chat_ids, lambda chunk: select(schema.chat_settings).where(_settings.chat_id.in_(chunk))
    )
    return {row.chat_id: _settings_of(row) for row in rows}


async def running_mutes(conn: AsyncConnection, chat_ids: Sequence[int], now: datetime) -> list[Mute]:
    """The mutes of these chats that have not run out, oldest first."""
    running = or_(_mutes.until.is_(None), _mutes.until > now)
    rows = await select_in(conn, chat_ids, lambda chunk: _named_mutes().where(_mutes.chat_id.in_(chunk), running))
    return [_mute_of(row) for row in rows]


def _named_mutes() -> Select[Any]:
    topics = schema.topics
    name = func.coalesce(topics.c.name, _mutes.name).label("name_now")
    return (
        select(schema.mutes, name)
        .join_from(schema.mutes, topics, topics.c.id == _mutes.topic_id, isouter=True)
        .order_by(_mutes.id)
    )


# ---------------------------------------------------------------- rows


def _mute_of(row: Row) -> Mute:
    kind = MuteKind(row.kind)
    target = row.topic_id if kind is MuteKind.TOPIC else row.story_id
    return Mute(row.id, row.chat_id, kind, row.name_now, row.until, row.created_at, target)


def _mute_row(mute: Mute) -> dict[str, Any]:
    target = mute.name.casefold() if mute.target_id is None else mute.target_id
    return {
        "chat_id": mute.chat_id,
        "kind": mute.kind.value,
        "key": mute_key(mute.kind, target),
        "name": mute.name,
        "topic_id": mute.target_id if mute.kind is MuteKind.TOPIC else None,
        "story_id": mute.target_id if mute.kind is MuteKind.STORY else None,
        "until": mute.until,
        "created_at": mute.created_at,
    }


def _settings_row(settings: ChatSettings) -> dict[str, Any]:
    rhythm, quiet = settings.digest, settings.quiet
    return {
        "zone": settings.zone,
        "lang": settings.lang,
        "digest": f"{rhythm.every.value} {rhythm.at:%H:%M} {rhythm.weekday}",
        "quiet": f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else None,
        "urgent": settings.urgent,
        "cap": settings.cap,
        "dark": settings.dark,
    }


def _settings_of(row: Row) -> ChatSettings:
    every, at, weekday = row.digest.split()
    start, _, end = (row.quiet or "").partition("-")
    return ChatSettings(
        zone=row.zone,
        lang=row.lang,
        digest=Rhythm(Every(every), time.fromisoformat(at), int(weekday)),
        quiet=QuietHours(time.fromisoformat(start), time.fromisoformat(end)) if end else None,
        urgent=row.urgent,
        cap=row.cap,
        dark=row.dark,
    )
