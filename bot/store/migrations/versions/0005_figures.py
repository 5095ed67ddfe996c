"""Figures: lags, limits of use, upkeep."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0004 to 0005."""
