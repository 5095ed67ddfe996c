"""Words: the language in which a chat is spoken to."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0009 to 0010."""
