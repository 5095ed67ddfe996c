"""Numbers of the store itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Table

from bot.store.columns import PlainText
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

FIRST_NUMBERS: Final = {"entry": 1, "story": 1, "alert": 1, "entries": 0, "topics": 0}
