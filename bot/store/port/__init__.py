"""What the bot asks of its store: the only door to data that outlives the process.

Every query about a chat carries the chat's id, so that no chat can see another's topics, feeds or alerts. All datetimes
are aware and in UTC. ``IngestUnit`` is one write transaction that also holds the right to ingest: whoever is inside
sees everything that earlier units wrote, in every process.
"""

from __future__ import annotations

from typing import Protocol

from bot.model import Context, NextIds
from bot.preferences import Held
from bot.store.port.chats import ChatStore
from bot.store.port.feeds import FeedStore
from bot.store.port.ingest import IngestUnit
from bot.store.port.outbox import OutboxStore
from bot.store.port.push import PushStore
from bot.store.port.stories import StoryStore
from bot.store.port.topics import TopicStore
from bot.store.port.upkeep import UpkeepStore
from bot.store.port.views import (
    ClaimedDelivery,
    ClaimedNotice,
    DueDigest,
    FoundPage,
    Lags,
    MatchView,
    MissedPage,
    Outcome,
    RatedMatch,
    Secrets,
    StoreStatus,
    StoryView,
    Strand,
    Title,
    ToldMessage,
    TracedEntry,
    Trimmed,
)
from bot.store.port.workspaces import WorkspaceStore

__all__ = [
    "ClaimedDelivery",
    "ClaimedNotice",
    "Context",
    "DueDigest",
    "FoundPage",
    "Held",
    "IngestUnit",
    "Lags",
    "MatchView",
    "MissedPage",
    "NextIds",
    "Outcome",
    "RatedMatch",
    "Secrets",
    "Store",
    "StoreStatus",
    "StoryView",
    "Strand",
    "Title",
    "ToldMessage",
    "TracedEntry",
    "Trimmed",
]


class Store(
    ChatStore, TopicStore, FeedStore, StoryStore, OutboxStore, UpkeepStore, WorkspaceStore, PushStore, Protocol
):
    """The port. Implementations are opened (and migrated) before they are handed out."""

    async def close(self) -> None:
        """Let go of every connection."""
        ...
