"""Hubs that announce what is new in a feed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, Table

from bot.store.columns import PlainText, UtcDateTime
from bot.store.schema.base import metadata

hub_subscriptions: Final = Table(
    "hub_subscriptions",
    metadata,
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("hub", PlainText, nullable=False),
    Column("topic", PlainText, nullable=False),
    Column("token", PlainText, nullable=False, unique=True),
    Column("secret", PlainText, nullable=False),  # the hub signs with it: it cannot be kept as a digest
    Column("ask_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("pushed_at", UtcDateTime),
)
