"""Slack workspaces that installed the app, and what is wrong with the bot's own connections."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, LargeBinary, Table

from bot.store.columns import Json, PlainText, UtcDateTime
from bot.store.schema.base import metadata

installations: Final = Table(
    "installations",
    metadata,
    Column("team", PlainText, primary_key=True),
    Column("name", PlainText, nullable=False),
    Column("token", PlainText, nullable=False),  # sealed where BACKSTORY_SECRET_KEY is set
    Column("bot_user", PlainText, nullable=False),
    Column("bot", PlainText, nullable=False),
    Column("installer", PlainText, nullable=False),
    Column("installed_at", UtcDateTime, nullable=False),
    Column("app", PlainText, nullable=False),
    Column("enterprise", PlainText),
    Column("scopes", Json, nullable=False),
    Column("bare", Boolean, nullable=False),  # its chats' addresses carry no team
)

# Installations that were begun: each may be finished once, and not late.
oauth_states: Final = Table(
    "oauth_states",
    metadata,
    Column("state", LargeBinary, primary_key=True),  # a digest: who reads the table cannot finish one
    Column("until", UtcDateTime, nullable=False),
)

troubles: Final = Table(
    "troubles",
    metadata,
    Column("platform", PlainText, primary_key=True),
    Column("subject", PlainText, primary_key=True),
    Column("words", PlainText, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
