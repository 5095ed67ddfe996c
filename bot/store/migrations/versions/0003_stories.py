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
