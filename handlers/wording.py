"""Small turns of phrase that the answers share. Pure; whole messages are built by the handlers."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.text.dates import ago, day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.errors import QueryError

_RECENT: Final = timedelta(days=2)
_QUERY_WINDOW_CHARS: Final = 60


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 story", "1,204 stories"; the plural is the noun with an s unless given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def stories(number: int) -> str:
    """A number of stories."""
    return count(number, "story", "stories")


def entries(number: int) -> str:
    """A number of entries."""
    return count(number, "entry", "entries")


def clip(text: str, chars: int) -> str:
    """The text, or its beginning with an ellipsis: never more than ``chars`` characters."""
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def quoted(name: str) -> str:
    """A name in quotes."""
    return f"“{name}”"


def listed(words: Sequence[str]) -> str:
    """Words as a person lists them: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def when(at: datetime, now: datetime) -> str:
    """A moment as a reader wants it: "3 min ago" while it is fresh, then the day."""
    return ago(at, now) if abs(now - at) < _RECENT else day(at)


def pointed_at(error: QueryError) -> str:
    """The query, and under it a caret at the fault: two lines for a fixed-width block.

    A long query is cut to a window around the fault; wide (CJK) characters count as two columns.
    """
    column = min(max(error.column, 0), len(error.query))
    start = max(0, column - _QUERY_WINDOW_CHARS // 2)
    stop = start + _QUERY_WINDOW_CHARS
    before = ("…" if start else "") + error.query[start:column]
    after = error.query[column:stop] + ("…" if stop < len(error.query) else "")
    return f"{before}{after}\n{' ' * sum(_columns(char) for char in before)}^"


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
