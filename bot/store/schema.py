"""The tables, named by the vocabulary. Must not hold queries.

The full-text index (``entry_search``) is not here: it is a virtual table on SQLite and a tsvector on PostgreSQL, see
``search``. A change here needs a migration beside it; a test compares the two.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)

from bot.store.columns import Id, Json, PlainText, UtcDateTime

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
    UniqueConstraint("platform", "address"),
    sqlite_autoincrement=True,
)

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

feeds: Final = Table(
    "feeds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", PlainText, nullable=False),
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
    Column("moved_to", PlainText),
    Column("moved_times", Integer, nullable=False, server_default=text("0")),
    Column("flooded_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
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

# The outbox.
deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("alert_id", ForeignKey("alerts.id"), nullable=False, index=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column("action", PlainText, nullable=False),
    Column("topics", Json, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("state", PlainText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("begun", Boolean, nullable=False, default=False),  # since the last claim: the request may have left
    Column("maybe_sent", Boolean, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("ref_platform", PlainText),
    Column("ref_chat", PlainText),
    Column("ref_thread", PlainText),
    Column("ref_message", PlainText),
    Column("error", PlainText),
    Column("sent_at", UtcDateTime),
    Column("held_for", PlainText),
    Column("bundle_id", Id),  # the delivery that carries the digest which this one is part of
    Column("bundle_place", Integer),
    Column("asked", Boolean, nullable=False, server_default=false()),  # by a person: sent whatever the settings say
    UniqueConstraint("chat_id", "alert_id"),  # no chat is told the same thing twice
    Index(None, "story_id", "chat_id"),
    Index(None, "chat_id", "ref_message"),
    Index(None, "sent_at"),
    sqlite_autoincrement=True,
)
_PENDING: Final = text("state = 'pending'")
_SENDING: Final = text("state = 'sending'")
# The outbox is mostly history: the claim reads only what is still to be sent.
Index("ix_deliveries_pending", deliveries.c.chat_id, deliveries.c.id, sqlite_where=_PENDING, postgresql_where=_PENDING)
# At most one message a chat is under way.
Index("uq_deliveries_sending", deliveries.c.chat_id, unique=True, sqlite_where=_SENDING, postgresql_where=_SENDING)
# What waits for a digest, by its time; a query must be spelt like this to be answered from it.
WAITS_FOR_DIGEST: Final = text("state = 'held' AND held_for <> 'muted' AND bundle_id IS NULL")
Index(
    "ix_deliveries_held",
    deliveries.c.not_before,
    deliveries.c.chat_id,
    sqlite_where=WAITS_FOR_DIGEST,
    postgresql_where=WAITS_FOR_DIGEST,
)
_BUNDLED: Final = text("bundle_id IS NOT NULL")
Index("ix_deliveries_bundle", deliveries.c.bundle_id, sqlite_where=_BUNDLED, postgresql_where=_BUNDLED)
# How many alerts a chat was sent within the hour.
_SENT: Final = text("sent_at IS NOT NULL")
Index("ix_deliveries_sent", deliveries.c.chat_id, deliveries.c.sent_at, sqlite_where=_SENT, postgresql_where=_SENT)

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

# What is said once to a chat and is no alert. A row that is over stays until what it spoke of has passed.
notices: Final = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("subject", PlainText, nullable=False),
    Column("facts", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("state", PlainText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("begun", Boolean, nullable=False),
    Column("maybe_sent", Boolean, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("error", PlainText),
    Column("said_at", UtcDateTime),
    UniqueConstraint("chat_id", "kind", "subject"),
    Index(None, "subject", "kind"),
    sqlite_autoincrement=True,
)
_UNSAID: Final = text("state IN ('pending', 'sending')")
Index("ix_notices_unsaid", notices.c.not_before, sqlite_where=_UNSAID, postgresql_where=_UNSAID)

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

counters: Final = Table(
    "counters",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# At which version of the topics each was last changed, removed ones included: what a process must read anew.
topic_changes: Final = Table(
    "topic_changes",
    metadata,
    Column("topic_id", Id, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False, index=True),
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
"""What ``sequences`` holds in an empty store."""
