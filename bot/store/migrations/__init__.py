"""The schema's history. Each revision is a module of ``versions``; a released one is never changed."""

from __future__ import annotations

from typing import Final

REVISIONS: Final = (
    *("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013"),
)
"""Every revision, oldest first, so that a start can tell without Alembic whether there is anything to do."""

HEAD: Final = REVISIONS[-1]
