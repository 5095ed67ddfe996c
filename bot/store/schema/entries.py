"""Entries, the keys by which they are known again, and what the full text knows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint

from bot.store.columns import Id, PlainText, UtcDateTime
from bot.store.schema.base import metadata

entries: Final = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("lang", PlainText, nullable=False),
    Column("source", PlainText, nullable=False),
    Column("guid", PlainText, nullable=False),
    Column("url", PlainText, nullable=False),
    Column("url_key", LargeBinary, nullable=False, index=True),  # a digest: addresses outgrow an index row
    Column("title", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("credit", PlainText, nullable=False, server_default=""),
    Index("ix_entries_seen", "id", "at", "feed_id", "lang"),  # what a search asks of each entry that it finds
)

# What was decided about each entry when it was first seen.
entry_stages: Final = Table(
    "entry_stages",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("stage", PlainText, nullable=False),
)

# Kept longer than the entries that they name, hence no foreign key.
entry_keys: Final = Table(
    "entry_keys",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # a digest of the key
    Column("entry_id", Id, nullable=False),
    Column("seen_at", UtcDateTime),
    sqlite_with_rowid=False,
)

fingerprints: Final = Table(
    "fingerprints",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("index_terms", LargeBinary, nullable=False),  # what the full-text index holds: needed to take it out again
)

terms: Final = Table(
    "terms",
    metadata,
    Column("term", PlainText, primary_key=True),
    Column("entries", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What chats searched for: the buttons under an answer go on from it.
searches: Final = Table(
    "searches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("words", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "words"),
    sqlite_autoincrement=True,
)
