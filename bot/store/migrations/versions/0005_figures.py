"""Figures: lags of what was sent lately are read by the time at which it was sent."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0004 to 0005."""
    op.create_index("ix_deliveries_sent_at", "deliveries", ["sent_at"])
