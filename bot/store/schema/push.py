"""Hubs that announce what is new in a feed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, Table

from bot.store.columns import PlainText, SealedText, UtcDateTime
from bot.store.schema.base import metadata
from bot.text.urls import holds_keys

hub_subscriptions: Final = Table(
    "hub_subscriptions",
    metadata,
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("hub", SealedText("hub_subscriptions.hub", holds_keys), nullable=False),
    Column("topic", SealedText("hub_subscriptions.topic", holds_keys), nullable=False),
    Column("token", PlainText, nullable=False, unique=True),
    # The hub signs with it: it cannot be kept as a digest.
    Column("secret", SealedText("hub_subscriptions.secret", bool), nullable=False),
    Column("ask_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("pushed_at", UtcDateTime),
)
