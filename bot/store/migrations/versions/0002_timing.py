"""When a chat is spoken to: its settings, mutes, digests and what is held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WAITS_FOR_DIGEST = sa.text("state = 'held' AND held_for <> 'muted' AND bundle_id IS NULL")
_BUNDLED = sa.text("bundle_id IS NOT NULL")
_SENT = sa.text("sent_at IS NOT NULL")


def upgrade() -> None:
    """Bring the tables from 0001 to 0002."""
    _extend_deliveries()
    op.create_table(
        "chat_settings",
        sa.Column("chat_id", Id, autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_chat_settings_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_settings")),
    )
    op.create_table(
        "mutes",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic_id", Id, nullable=True),
        sa.Column("story_id", Id, nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_mutes_chat_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_mutes_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("chat_id", "kind", "key", name=op.f("uq_mutes_chat_id_kind_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mutes_topic_id"), "mutes", ["topic_id"], unique=False)
    op.create_table(
        "topic_shares",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("sensitivity", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_topic_shares_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_topic_shares")),
    )
    op.create_index(op.f("ix_topic_shares_chat_id"), "topic_shares", ["chat_id"], unique=False)


def _extend_deliveries() -> None:
    op.add_column("deliveries", sa.Column("held_for", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("bundle_id", Id, nullable=True))
    op.add_column("deliveries", sa.Column("bundle_place", sa.Integer(), nullable=True))
    op.add_column("deliveries", sa.Column("asked", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, columns, where in (
        ("ix_deliveries_held", ["not_before", "chat_id"], _WAITS_FOR_DIGEST),
        ("ix_deliveries_bundle", ["bundle_id"], _BUNDLED),
        ("ix_deliveries_sent", ["chat_id", "sent_at"], _SENT),
    ):
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)
