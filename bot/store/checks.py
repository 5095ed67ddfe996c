"""The database looked over, for ``doctor``: its pages, its references, its full-text index and its counts.

Must not repair anything. It reads all there is, so it takes seconds on a large archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text

from bot.store import schema, tallies
from bot.store.base import Part

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_SHOWN: Final = 5


class Checks(Part):
    """The store's method that looks it over."""

    async def faults(self) -> tuple[str, ...]:
        """See the port."""
        # A transaction, so that all counts are of one moment.
        async with self.database.write() as conn:
            # PostgreSQL keeps references itself, and checks its pages where checksums are on.
            sqlite = conn.dialect.name == "sqlite"
            damage = await _pages(conn) if sqlite else []
            if damage:
                return tuple(damage)  # whatever else is asked of it may fail
            return (*(await _references(conn) if sqlite else ()), *(await _counts(conn)))


async def _pages(conn: AsyncConnection) -> list[str]:
    pages = [" ".join(row[0].split()) for row in await conn.exec_driver_sql(f"PRAGMA quick_check({_SHOWN})")]
    return [] if pages == ["ok"] else [f"the file is damaged: {'; '.join(pages)}"]


async def _references(conn: AsyncConnection) -> list[str]:
    faults = []
    broken = (await conn.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        faults.append(f"{len(broken):,} rows refer to what is not there, in: {tables}")
    try:
        await conn.exec_driver_sql("INSERT INTO entry_search (entry_search) VALUES ('integrity-check')")
    except Exception as error:  # noqa: BLE001 - whatever the driver raises for it, it is the finding
        faults.append(f"the full-text index is damaged ({type(error).__name__})")
    return faults


async def _counts(conn: AsyncConnection) -> list[str]:
    """What is counted twice must come to the same."""
    entries = await _number(conn, select(func.count()).select_from(schema.entries))
    told = await _number(conn, select(schema.sequences.c.value).where(schema.sequences.c.name == "entries"))
    prints = await _number(conn, select(func.count()).select_from(schema.fingerprints))
    uses = await _number(conn, select(func.coalesce(func.sum(schema.terms.c.entries), 0)))
    rows, held = await _index(conn)
    noted = await tallies.pending(conn)
    told, uses = told + noted.entries, uses + noted.terms.total()
    pairs = (
        ("entries", entries, "entries in the running count", told),
        ("entries", entries, "fingerprints", prints),
        ("entries", entries, "rows of the full-text index", rows),
        ("uses of words in the full-text index", held, "in the table of terms", uses),
    )
    return [f"{left:,} {what}, but {right:,} {other}" for what, left, other, right in pairs if left != right]


async def _index(conn: AsyncConnection) -> tuple[int, int]:
    """How many entries the full-text index holds, and how many words over all of them."""
    if conn.dialect.name == "sqlite":
        rows = await _number(conn, text("SELECT count(*) FROM entry_search_docsize"))
        await conn.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.entry_words USING fts5vocab('main', 'entry_search', 'row')"
        )
        held = await _number(conn, text("SELECT coalesce(sum(doc), 0) FROM temp.entry_words"))
        await conn.exec_driver_sql("DROP TABLE temp.entry_words")
        return rows, held
    words = text("SELECT count(*), coalesce(sum(length(terms)), 0) FROM entry_search")
    row = (await conn.execute(words)).one()
    return row[0], row[1]


async def _number(conn: AsyncConnection, query: object) -> int:
    return int((await conn.execute(query)).scalar_one())  # type: ignore[call-overload]
