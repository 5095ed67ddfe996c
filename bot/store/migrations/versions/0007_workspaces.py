"""Workspaces: several Slack installations, each with its own token."""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0006 to 0007."""
