"""The tables, named by the vocabulary. Must not hold queries.

The full-text index (``entry_search``) is not here: it is a virtual table on SQLite and a tsvector on PostgreSQL, see
``search``. A change here needs a migration beside it; a test compares the two.
"""

from __future__ import annotations

from bot.store.schema.base import metadata
from bot.store.schema.chats import chat_settings, chats, heard, mutes
from bot.store.schema.entries import entries, entry_keys, entry_stages, fingerprints, searches, terms
from bot.store.schema.feeds import chat_feeds, feed_documents, feeds
from bot.store.schema.numbers import FIRST_NUMBERS, counters, sequences, tallies
from bot.store.schema.outbox import WAITS_FOR_DIGEST, deliveries, notices
from bot.store.schema.push import hub_subscriptions
from bot.store.schema.stories import alerts, matches, stories, story_entries, story_links, wordings
from bot.store.schema.topics import (
    chat_concepts,
    proposals,
    ratings,
    subscriptions,
    topic_changes,
    topic_shares,
    topics,
)
from bot.store.schema.workspaces import installations, oauth_states, troubles

__all__ = [
    "FIRST_NUMBERS",
    "WAITS_FOR_DIGEST",
    "alerts",
    "chat_concepts",
    "chat_feeds",
    "chat_settings",
    "chats",
    "counters",
    "deliveries",
    "entries",
    "entry_keys",
    "entry_stages",
    "feed_documents",
    "feeds",
    "fingerprints",
    "heard",
    "hub_subscriptions",
    "installations",
    "matches",
    "metadata",
    "mutes",
    "notices",
    "oauth_states",
    "proposals",
    "ratings",
    "searches",
    "sequences",
    "stories",
    "story_entries",
    "story_links",
    "subscriptions",
    "tallies",
    "terms",
    "topic_changes",
    "topic_shares",
    "topics",
    "troubles",
    "wordings",
]
