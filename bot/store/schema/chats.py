"""Chats, and when each wants to be spoken to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, UniqueConstraint, false

from bot.store.columns import Id, PlainText, UtcDateTime
from bot.store.schema.base import metadata

chats: Final = Table(
    "chats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", PlainText, nullable=False),
    Column("address", PlainText, nullable=False),
    Column("title", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("lang", PlainText, nullable=False),
    Column("gone_at", UtcDateTime),  # since when, and why, nothing can be said there
    Column("gone_why", PlainText),
    Column("wait_until", UtcDateTime),  # the platform asked for silence there until then
    UniqueConstraint("platform", "address"),
    sqlite_autoincrement=True,
)

# Updates that were heard, by the platform's number: one that is brought again is no second command.
heard: Final = Table(
    "heard",
    metadata,
    Column("event", LargeBinary, primary_key=True),  # a digest
    Column("at", UtcDateTime, nullable=False, index=True),
)

# When a chat wants to be spoken to; no row: the defaults.
chat_settings: Final = Table(
    "chat_settings",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("zone", PlainText, nullable=False),
    Column("lang", PlainText),  # NULL: the reader's own
    Column("digest", PlainText, nullable=False),
    Column("quiet", PlainText),
    Column("urgent", Boolean, nullable=False),
    Column("cap", Integer, nullable=False),  # alerts an hour; 0: no cap
    Column("dark", Boolean, nullable=False, server_default=false()),
)

# What a chat does not want to hear of for a while. ``key`` names the story, the topic or the outlet.
mutes: Final = Table(
    "mutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("key", PlainText, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), index=True),
    Column("story_id", Id),
    Column("until", UtcDateTime),  # NULL: for good
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "kind", "key"),
    sqlite_autoincrement=True,
)
