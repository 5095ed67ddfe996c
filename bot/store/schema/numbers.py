"""Numbers of the store itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, Table

from bot.store.columns import Id, Json, PlainText
from bot.store.schema.base import metadata

counters: Final = Table(
    "counters",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Numbers of the store itself: the next free ids, the count of entries, the version of the topics.
sequences: Final = Table(
    "sequences",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What plans that are written side by side add to these and to the terms, until somebody adds it up.
tallies: Final = Table(
    "tallies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("terms", Json, nullable=False),
    Column("counters", Json, nullable=False),
)

FIRST_NUMBERS: Final = {"entry": 1, "story": 1, "alert": 1, "entries": 0, "topics": 0}
