"""Chats that were asked to be left alone, and what was heard already: both must outlive the process that learnt it.

A platform that tells one message to wait means the whole chat, and an update that it brings again after a restart must
not be carried out again. Must not decide how long anything is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from bot.model import Address, Platform
from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert
from bot.store.rows import digest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

_chats = schema.chats.c
_heard = schema.heard.c


class Waits(Part):
    """The store's methods about silence and repetition."""

    async def waiting_chats(self, platform: Platform, *, now: datetime) -> tuple[tuple[Address, datetime], ...]:
        """See the port."""
        query = select(_chats.address, _chats.wait_until).where(_chats.platform == platform.value)
        async with self.database.read() as conn:
            rows = await conn.execute(query.where(_chats.wait_until > now).order_by(_chats.id))
        return tuple((Address(platform, row.address), row.wait_until) for row in rows)

    async def keep_silent(self, place: Address, *, until: datetime) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await silence(conn, _is_at(place), until=until)

    async def hear(self, event: str, *, now: datetime) -> bool:
        """See the port."""
        async with self.database.write() as conn:
            new = insert(conn, schema.heard).values(event=digest(event), at=now).on_conflict_do_nothing()
            return (await conn.execute(new.returning(_heard.at))).first() is not None

    async def trim_heard(self, *, before: datetime) -> int:
        """See the port."""
        async with self.database.write() as conn:
            return (await conn.execute(delete(schema.heard).where(_heard.at < before))).rowcount


def may_be_spoken_to(now: datetime) -> ColumnElement[bool]:
    """Whether a chat's platform has not asked for silence there."""
    return or_(_chats.wait_until.is_(None), _chats.wait_until <= now)


async def keep_silent(conn: AsyncConnection, chat_id: int, place: Address, *, until: datetime) -> None:
    """Send nothing to a chat, nor to the one at ``place``, where its message was to go, before then."""
    await silence(conn, (_chats.id == chat_id) | _is_at(place), until=until)


async def silence(conn: AsyncConnection, which: ColumnElement[bool], *, until: datetime) -> None:
    """Send nothing to these chats before then; a longer silence stays."""
    await conn.execute(update(schema.chats).where(which & may_be_spoken_to(until)).values(wait_until=until))


def _is_at(place: Address) -> ColumnElement[bool]:
    return (_chats.platform == place.platform.value) & (_chats.address == place.chat)
