"""The pipeline over a real in-memory store, with one chat that watches one topic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import UNSAVED, Action, Address, Feed, ParsedEntry, Platform, Subscription, Topic
from bot.store.sql import open_store
from bot.topics import lexicon
from bot.workers.pipeline import Options, Pipeline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Chat, IngestPlan
    from bot.store.port import Store

NOW = datetime(2024, 6, 20, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """A store, a pipeline into it, and the chat that listens."""

    store: Store
    pipeline: Pipeline
    chat: Chat
    feeds: dict[str, Feed]

    async def watch(self, name: str, query: str, chat: Chat | None = None) -> Topic:
        """Let a chat (the first one unless told otherwise) watch a topic."""
        owner = chat or self.chat
        topic = await self.store.add_topic(Topic(UNSAVED, owner.id, name, query, NOW))
        await self.store.subscribe(Subscription(owner.id, topic.id, NOW))
        return topic

    async def feed(self, outlet: str, *, shared: bool = True) -> Feed:
        """The outlet's feed, past its first poll."""
        if outlet not in self.feeds:
            url = f"https://{outlet.lower().replace(' ', '-')}.example/feed"
            feed = await self.store.add_feed(Feed(UNSAVED, url, outlet, NOW, shared=shared))
            self.feeds[outlet] = replace(feed, baselined=True, last_entry_at=NOW - timedelta(hours=1))
        return self.feeds[outlet]

    async def publish(
        self, outlet: str, *entries: ParsedEntry, now: datetime = NOW, silent: bool = False
    ) -> IngestPlan:
        """Take in what an outlet publishes."""
        return await self.pipeline.ingest(await self.feed(outlet), entries, now=now, options=Options(silent=silent))


def post(guid: str, title: str, body: str, at: datetime | None = NOW) -> ParsedEntry:
    """An entry as a feed gives it."""
    return ParsedEntry(guid, f"https://news.example/{guid}", title, body, at)


def actions(plan: IngestPlan) -> list[Action]:
    """What was decided about each entry."""
    return [decision.action for decision in plan.decisions]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    store = await open_store("sqlite+aiosqlite://")
    chat = await store.chat_at(Address(Platform.CONSOLE, "console"), title="console", now=NOW)
    yield World(store, Pipeline(store, lexicon.load()), chat, {})
    await store.close()
