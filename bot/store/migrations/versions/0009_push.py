"""Push: hubs that announce new entries, and how long they were asked to."""

from __future__ import annotations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0008 to 0009."""
