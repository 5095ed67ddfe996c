"""When a chat is spoken to: its settings, mutes, digests and what is held."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0001 to 0002."""
