"""Feeds: when each was added, so that what is published before its first answer is news."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0012 to 0013."""
    op.add_column("feeds", sa.Column("added_at", sa.BigInteger(), nullable=True))
