"""Stories: merges, origins, and what ties them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables from 0002 to 0003."""
    op.add_column("entries", sa.Column("credit", sa.Text(), nullable=False, server_default=""))
    op.add_column("stories", sa.Column("origins", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("stories", sa.Column("merged_into", ID, nullable=True))
    op.add_column("story_links", sa.Column("feed_id", ID, nullable=True))
    op.create_index(op.f("ix_story_links_past_story_id"), "story_links", ["past_story_id"])
    op.create_index("ix_entries_seen", "entries", ["id", "at", "feed_id", "lang"])
    op.create_table(
        "searches",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_searches_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("chat_id", "words", name=op.f("uq_searches_chat_id_words")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wordings",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_wordings_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "said", "lang", name=op.f("pk_wordings")),
        sqlite_with_rowid=False,
    )
