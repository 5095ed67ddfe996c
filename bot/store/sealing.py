"""Sealing what was kept in clear before there was a key, or with a key before this one. Must not know what it is."""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingsError
from bot.seal import is_sealed
from bot.store import schema
from bot.store.base import Part
from bot.store.columns import SealedText
from bot.store.migrate import in_words
from bot.store.port.views import Secrets

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
        clear = shut = 0
        async with self.database.read() as conn:
            for column, kind in _SEALED:
                for text in await conn.scalars(select(type_coerce(column, Text)).where(column.is_not(None))):
                    if is_sealed(text):
                        shut += self.database.seal.open(kind.column, text) is None
                    else:
                        clear += kind.is_secret(text)
        return Secrets(clear=clear, shut=shut)

    async def _seal_up(self) -> int:
        seal, sealed = self.database.seal, 0
        for column, kind in _SEALED if seal.is_set else ():
            (key,) = column.table.primary_key
            kept = type_coerce(column, Text)
            async with self.database.read() as conn:
                # In the order in which polls are written down, so that two never wait for each other's rows.
                rows = (await conn.execute(select(key, kept).where(kept.is_not(None)).order_by(key))).all()
            anew = [
                (number, text, new)
                for number, text in rows
                if (is_sealed(text) or kind.is_secret(text)) and (new := seal.renewed(kind.column, text)) is not None
            ]
            if anew:
                async with self.database.write() as conn:
                    for number, text, new in anew:
                        of_it = update(column.table).where(key == number, kept == text)
                        await conn.execute(of_it.values({column: new}))
            sealed += len(anew)
        if sealed and self.database.is_sqlite:
            await self._rewrite()
        return sealed

    async def _rewrite(self) -> None:
        """Write the file anew: copies of what was sealed lie in its freed pages."""
        try:
            async with self.database.read() as conn:
                await conn.exec_driver_sql("VACUUM")
                await conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:
            # What is sealed is sealed; a full disk must not keep a bot from starting.
            _log.warning("copies of what was sealed may stand in the file: run VACUUM with sqlite3 (%s)", error.orig)
