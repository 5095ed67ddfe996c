"""Ingest: what makes polling and taking in cheap with many feeds."""

from __future__ import annotations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0007 to 0008."""
