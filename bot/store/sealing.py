"""Sealing what was kept in clear before there was a key, or with a key before this one. Must not know what it is."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingsError
from bot.seal import State, is_sealed
from bot.store import schema
from bot.store.base import Part
from bot.store.columns import SealedText
from bot.store.migrate import in_words
from bot.store.port.views import Secrets

if TYPE_CHECKING:
    from sqlalchemy import Column

_log: Final = logging.getLogger(__name__)
_SEALED: Final = tuple(
    (column, column.type)
    for table in schema.metadata.sorted_tables
    for column in table.c
    if isinstance(column.type, SealedText)
)


class Sealing(Part):
    """The store's methods about what is sealed."""

    async def seal_up(self) -> int:
        """See the port."""
        try:
            return await self._seal_up()
        except (DBAPIError, OSError) as error:
            raise SettingsError(in_words(error)) from None  # its own words may hold what is to be sealed

    async def secrets(self) -> Secrets:
        """See the port."""
        seal, counts = self.database.seal, Counter[str]()
        async with self.database.read() as conn:
            for column, kind in _SEALED:
                for text in await conn.scalars(select(type_coerce(column, Text)).where(column.is_not(None))):
                    counts[seal.state(kind.column, text).value] += is_sealed(text) or kind.is_secret(text)
        return Secrets(**{state.value: counts[state.value] for state in (State.CLEAR, State.STALE, State.SHUT)})

    async def _seal_up(self) -> int:
        anew = [
            (column, row_id, kept, sealed)
            for column, kind in _SEALED
            for row_id, kept, sealed in await self._to_seal(column, kind)
        ]
        if anew and self.database.is_sqlite:
            # First, so that it is done again if this process ends before all is sealed.
            await self._rewrite()
        for column, row_id, kept, sealed in anew:
            (key,) = column.table.primary_key
            # One at a time: whoever holds several rows may wait for one who waits for these.
            async with self.database.write() as conn:
                as_it_was = update(column.table).where(key == row_id, type_coerce(column, Text) == kept)
                await conn.execute(as_it_was.values({column: sealed}))
        if anew and self.database.is_sqlite:
            async with self.database.read() as conn:
                await conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(anew)

    async def _to_seal(self, column: Column[str], kind: SealedText) -> list[tuple[int, str, str]]:
        """What is to be sealed in a column: its row's id, the text as it is kept, and as it is to be."""
        (key,) = column.table.primary_key
        text = type_coerce(column, Text)
        async with self.database.read() as conn:
            rows = (await conn.execute(select(key, text).where(text.is_not(None)))).all()
        return [
            (row_id, kept, sealed)
            for row_id, kept in rows
            if (is_sealed(kept) or kind.is_secret(kept))
            and (sealed := self.database.seal.renewed(kind.column, kept)) is not None
        ]

    async def _rewrite(self) -> None:
        """Write the file anew: not every SQLite overwrites what it frees, and earlier copies lie there."""
        try:
            async with self.database.read() as conn:
                await conn.exec_driver_sql("PRAGMA temp_store = FILE")  # else a second database would lie in memory
                try:
                    await conn.exec_driver_sql("VACUUM")
                finally:
                    await conn.exec_driver_sql("PRAGMA temp_store = MEMORY")
        except DBAPIError as error:
            # A disk without room for a second database must not keep a bot from starting.
            _log.warning("what is now sealed may stand in freed pages of the file, too: %s; VACUUM it", error.orig)
