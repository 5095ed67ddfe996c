"""What the store's parts share: the database, and the number that tells that topics changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union, update

from bot.store import schema
from bot.store.database import upsert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database


class Part:
    """A noun's share of the store's methods; ``SqlStore`` puts them together."""

    def __init__(self, database: Database) -> None:
        self.database = database


async def bump_topics(conn: AsyncConnection, topic_ids: Iterable[int]) -> None:
    """Tell every process that these topics, or who watches them, have changed.

    The row of the number is locked until the transaction ends, so that whoever reads a version has seen every change
    up to it.
    """
    column = schema.sequences.c
    statement = update(schema.sequences).where(column.name == "topics").values(value=column.value + 1)
    version: int = (await conn.execute(statement.returning(column.value))).scalar_one()
    await upsert(conn, schema.topic_changes, [{"topic_id": one, "version": version} for one in sorted(set(topic_ids))])


async def topic_ids_of(conn: AsyncConnection, chat_id: int) -> list[int]:
    """The topics that the chat owns or watches."""
    own = select(schema.topics.c.id).where(schema.topics.c.chat_id == chat_id)
    watched = select(schema.subscriptions.c.topic_id).where(schema.subscriptions.c.chat_id == chat_id)
    return list((await conn.execute(union(own, watched))).scalars())
