"""What plans add to the running numbers where several are written at once: noted by each, added up by one.

Every entry adds to how often "said" stands in the archive. On PostgreSQL two transactions that add to one row wait for
one another until the first is committed, and so would all that several workers take in. So a plan that is written
beside others notes what it adds in a row of its own, and whoever has the right to ingest alone adds up what was noted.
On SQLite, where writers take turns anyway, nothing is ever noted. Must not be asked outside a transaction to add up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, text

from bot.store import schema
from bot.store.database import INGEST_LOCK, add
from bot.store.search import count_terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.rows import Row

_AT_ONCE: Final = 64
"""A note of this many is the one whose writer adds up, if nobody else is at it: so that they never become many."""

_columns = schema.tallies.c


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries more there are, in how many more of them each term stands, and what else is counted."""

    entries: int
    terms: Counter[str]
    counters: Counter[str]


async def note(conn: AsyncConnection, tally: Tally) -> None:
    """Note what a plan adds."""
    terms = {term: change for term, change in tally.terms.items() if change}
    row = {"entries": tally.entries, "terms": terms, "counters": dict(tally.counters)}
    number = (await conn.execute(schema.tallies.insert().values(row).returning(_columns.id))).scalar_one()
    right = text("SELECT pg_try_advisory_xact_lock(:key)")
    if number % _AT_ONCE == 0 and await conn.scalar(right, {"key": INGEST_LOCK}):
        await add_up(conn)


async def add_up(conn: AsyncConnection) -> None:
    """Add what was noted to the running numbers; asks for the right to ingest alone."""
    if conn.dialect.name == "sqlite":
        return
    await write(conn, _sum(await conn.execute(delete(schema.tallies).returning(*_columns))))


async def write(conn: AsyncConnection, tally: Tally) -> None:
    """Add to the running numbers at once."""
    await count_terms(conn, tally.terms)
    await add(conn, schema.sequences, {"entries": tally.entries})
    await add(conn, schema.counters, tally.counters)


async def pending(conn: AsyncConnection) -> Tally:
    """What is noted and not added up yet, for who reads the running numbers."""
    if conn.dialect.name == "sqlite":
        return Tally(0, Counter(), Counter())
    return _sum(await conn.execute(select(schema.tallies)))


def _sum(rows: Iterable[Row]) -> Tally:
    entries, terms, counters = 0, Counter[str](), Counter[str]()
    for row in rows:
        entries += row.entries
        terms.update(row.terms)
        counters.update(row.counters)
    return Tally(entries, terms, counters)
