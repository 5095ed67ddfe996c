"""Feeds: their moves, their floods, what is remembered of their documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0003 to 0004."""
    op.add_column("feeds", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("moved_times", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("feeds", sa.Column("flooded_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "feed_documents",
        sa.Column("feed_id", Id, autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_documents_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed_documents")),
    )
