"""Topics, who has them, and what chats said of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, UniqueConstraint

from bot.store.columns import Id, Json, PlainText, UtcDateTime
from bot.store.schema.base import metadata

topics: Final = Table(
    "topics",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE")),  # NULL: shared
    Column("name", PlainText, nullable=False),
    Column("name_key", PlainText, nullable=False),  # the name case-folded
    Column("query", PlainText, nullable=False),
    Column("sensitivity", PlainText, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "name_key"),
    sqlite_autoincrement=True,
)

# NULLs are distinct in a unique constraint, so shared names need an index of their own.
Index(
    "uq_topics_shared_name_key",
    topics.c.name_key,
    unique=True,
    sqlite_where=topics.c.chat_id.is_(None),
    postgresql_where=topics.c.chat_id.is_(None),
)
subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("to_chat", PlainText),  # where its alerts go on the chat's own platform; NULL: to the chat itself
    Column("to_thread", PlainText),
    Column("to_title", PlainText),
    sqlite_with_rowid=False,
)

# Topics that a chat was offered and has not said yes to.
proposals: Final = Table(
    "proposals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("name", PlainText, nullable=False),
    Column("name_key", PlainText, nullable=False),  # the name case-folded
    Column("query", PlainText, nullable=False),
    Column("sensitivity", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "name_key"),
    sqlite_autoincrement=True,
)

chat_concepts: Final = Table(
    "chat_concepts",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("name", PlainText, primary_key=True),
    Column("aliases", Json, nullable=False),
    sqlite_with_rowid=False,
)

# Thumbs up and down, one a chat and story.
ratings: Final = Table(
    "ratings",
    metadata,
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("good", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

# Topics that a chat offers to others: a copy as it was then, under a name that nobody can guess.
topic_shares: Final = Table(
    "topic_shares",
    metadata,
    Column("token", PlainText, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", PlainText, nullable=False),
    Column("query", PlainText, nullable=False),
    Column("sensitivity", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# At which version of the topics each was last changed, removed ones included: what a process must read anew.
topic_changes: Final = Table(
    "topic_changes",
    metadata,
    Column("topic_id", Id, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False, index=True),
    sqlite_with_rowid=False,
)

"""What ``sequences`` holds in an empty store."""
