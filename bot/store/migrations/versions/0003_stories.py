"""Stories: merges, origins, and what ties them."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0002 to 0003."""
