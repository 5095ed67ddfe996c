"""Waits: what a chat was told to wait for, and events already heard."""

from __future__ import annotations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0010 to 0011."""
