"""Figures: lags of what was sent lately are read by the time at which it was sent; topics by their last change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0004 to 0005."""
    op.create_index("ix_deliveries_sent_at", "deliveries", ["sent_at"])
    op.create_table(
        "topic_changes",
        sa.Column("topic_id", Id, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_topic_changes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_topic_changes_version"), "topic_changes", ["version"], unique=False)
