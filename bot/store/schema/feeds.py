"""Feeds, what is remembered of their documents, and who follows them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, text

from bot.store.columns import Id, PlainText, SealedText, UtcDateTime
from bot.store.schema.base import metadata
from bot.text.urls import holds_keys

feeds: Final = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", SealedText("feeds.url", holds_keys), nullable=False),
    Column("url_key", LargeBinary, nullable=False, unique=True),  # a digest: addresses outgrow an index row
    Column("title", PlainText, nullable=False),
    Column("state", PlainText, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("lang", PlainText),
    Column("etag", PlainText),
    Column("last_modified", PlainText),
    Column("interval_s", Integer, nullable=False),
    Column("baselined", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_error", PlainText),
    Column("last_polled_at", UtcDateTime),
    Column("last_entry_at", UtcDateTime),
    Column("next_poll_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("moved_to", SealedText("feeds.moved_to", holds_keys)),
    Column("moved_times", Integer, nullable=False, server_default=text("0")),
    Column("flooded_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("skips", Integer, nullable=False, server_default=text("0")),
    Column("added_at", UtcDateTime),
    Index(None, "state", "next_poll_at"),
    sqlite_autoincrement=True,
)

# What is remembered of a feed's document, packed: apart, because every look at a feed would carry it along.
feed_documents: Final = Table(
    "feed_documents",
    metadata,
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

chat_feeds: Final = Table(
    "chat_feeds",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
