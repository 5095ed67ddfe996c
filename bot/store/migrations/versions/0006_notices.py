"""Notices: what is said once and is no alert; where a topic's alerts go; since when a feed fails."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0005 to 0006."""
    op.add_column("feeds", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("subscriptions", sa.Column("to_chat", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("to_thread", sa.Text(), nullable=True))
    op.create_table(
        "notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("maybe_sent", sa.Boolean(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_notices_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("chat_id", "kind", "subject", name=op.f("uq_notices_chat_id_kind_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notices_subject_kind"), "notices", ["subject", "kind"], unique=False)
    unsaid = sa.text("state IN ('pending', 'sending')")
    op.create_index("ix_notices_unsaid", "notices", ["not_before"], sqlite_where=unsaid, postgresql_where=unsaid)
