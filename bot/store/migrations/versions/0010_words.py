"""Words: what the place is called that a topic's alerts go to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables from 0009 to 0010."""
    op.add_column("subscriptions", sa.Column("to_title", sa.Text(), nullable=True))
