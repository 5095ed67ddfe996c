"""Sealing what was kept in clear before there was a key. Must not know what the columns hold."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, select, type_coerce, update

from bot.seal import is_sealed
from bot.store import schema
from bot.store.columns import SealedText

if TYPE_CHECKING:
    from bot.store.database import Database

_log = logging.getLogger(__name__)

_SEALED: Final = tuple(
    (column, column.type)
    for table in schema.metadata.sorted_tables
    for column in table.c
    if isinstance(column.type, SealedText)
)


async def seal_up(database: Database) -> None:
    """Seal every secret that stands in clear; whoever opens the database at the same time may do so, too."""
    sealed = 0
    for column, kind in _SEALED:
        (key,) = column.table.primary_key
        kept = type_coerce(column, Text)
        async with database.read() as conn:
            rows = (await conn.execute(select(key, kept).where(kept.is_not(None)))).all()
        clear = [(number, text) for number, text in rows if not is_sealed(text) and kind.is_secret(text)]
        if not clear:
            continue
        async with database.write() as conn:
            if database.is_sqlite:
                # What stood there is overwritten, too, and not only let go.
                await conn.exec_driver_sql("PRAGMA secure_delete = ON")
            for number, text in clear:
                await conn.execute(update(column.table).where(key == number, kept == text).values({column: text}))
        sealed += len(clear)
    if sealed:
        _log.warning("%d secrets stood in clear in the database and were sealed with BACKSTORY_SECRET_KEY", sealed)
