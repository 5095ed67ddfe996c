"""Polling: the hours and days at which a feed asks not to be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0011 to 0012."""
    op.add_column("feeds", sa.Column("skips", sa.Integer(), server_default=sa.text("0"), nullable=False))
