"""The outbox, and the notices, which are no alerts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, false, text

from bot.store.columns import Id, Json, PlainText, UtcDateTime
from bot.store.schema.base import metadata

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
