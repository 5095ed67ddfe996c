"""What the store's parts share: the database, and the number that tells that topics changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.store import schema

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database


class Part:
    """A noun's share of the store's methods; ``SqlStore`` puts them together."""

    def __init__(self, database: Database) -> None:
        self.database = database


async def bump_topics(conn: AsyncConnection) -> None:
    """Tell every process that what is watched, or for whom, has changed."""
    column = schema.sequences.c
    statement = update(schema.sequences).where(column.name == "topics").values(value=column.value + 1)
    await conn.execute(statement)
