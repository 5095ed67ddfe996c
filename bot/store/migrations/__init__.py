"""The schema's history. Each revision is a module of ``versions``; a released one is never changed."""

from __future__ import annotations

from typing import Final

REVISIONS: Final = tuple(f"{number:04}" for number in range(1, 16))
"""Every revision, oldest first, so that a start can tell without Alembic whether there is anything to do."""

HEAD: Final = REVISIONS[-1]
