"""Where the archive is not matched yet, because an import is under way or was interrupted."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, literal, select

from bot.store import schema
from bot.store.base import Part
from bot.store.database import insert

_numbers = schema.sequences.c
_UNMATCHED: Final = "unmatched"


class Imports(Part):
    """The store's methods about an import that is under way."""

    async def begin_import(self) -> int:
        """See the port."""
        async with self.database.write() as conn:
            from_now_on = select(literal(_UNMATCHED), _numbers.value).where(_numbers.name == "entry")
            # An import that was interrupted began before this one.
            statement = insert(conn, schema.sequences).from_select(["name", "value"], from_now_on)
            await conn.execute(statement.on_conflict_do_nothing())
            first: int = (await conn.execute(select(_numbers.value).where(_numbers.name == _UNMATCHED))).scalar_one()
        return first

    async def end_import(self) -> None:
        """See the port."""
        async with self.database.write() as conn:
            await conn.execute(delete(schema.sequences).where(_numbers.name == _UNMATCHED))
