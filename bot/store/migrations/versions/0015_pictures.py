"""Pictures: a chat may have them on dark paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0014 to 0015."""
    op.add_column("chat_settings", sa.Column("dark", sa.Boolean(), server_default=sa.false(), nullable=False))
