"""Stories, what each continues, what matched, and what was said."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, Table, UniqueConstraint

from bot.store.columns import Id, Json, PlainText, UtcDateTime
from bot.store.schema.base import metadata

stories: Final = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("first_entry_id", Id, nullable=False),
    Column("headline", PlainText, nullable=False),
    Column("url", PlainText, nullable=False),
    Column("source", PlainText, nullable=False),
    Column("lang", PlainText, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    Column("entry_count", Integer, nullable=False),
    Column("outlets", Json, nullable=False),
    Column("summary", PlainText, nullable=False),
    Column("origins", Json, nullable=False, server_default="[]"),
    # A story that proved to be another one keeps its row: its old messages and buttons name it.
    Column("merged_into", Id),
)

# An entry belongs to one story at most.
story_entries: Final = Table(
    "story_entries",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, index=True),
)

# A story's backstory: what it says of the earlier entry is a copy, which outlives that entry.
story_links: Final = Table(
    "story_links",
    metadata,
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("entry_id", Id, nullable=False),
    Column("past_story_id", Id, index=True),
    Column("score", Float, nullable=False),
    Column("why", PlainText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("headline", PlainText, nullable=False),
    Column("url", PlainText, nullable=False),
    Column("source", PlainText, nullable=False),
    Column("feed_id", Id),
    UniqueConstraint("story_id", "entry_id"),
)

matches: Final = Table(
    "matches",
    metadata,
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("relevant", Boolean, nullable=False),
    Column("evidence", Json, nullable=False),
)

alerts: Final = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("stories.id"), nullable=False, index=True),
    Column("entry_id", Id, nullable=False),
    Column("action", PlainText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("content", Json, nullable=False),
)

# A summary in other words or another language, as it was first sent; "" where only its own will do.
wordings: Final = Table(
    "wordings",
    metadata,
    Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("said", LargeBinary, primary_key=True),  # a digest of the summary in the entry's own words
    Column("lang", PlainText, primary_key=True),
    Column("summary", PlainText, nullable=False),
    sqlite_with_rowid=False,
)
