"""Small turns of phrase that the answers share, in the language spoken. Pure; whole messages are the handlers'."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.model import Sensitivity
from bot.speech import N_, _, ngettext, number
from bot.text.dates import ago, day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.errors import QueryError

_RECENT: Final = timedelta(days=2)
_QUERY_WINDOW_CHARS: Final = 60
_LEVELS: Final = {Sensitivity.STRICT: N_("strict"), Sensitivity.NORMAL: N_("normal"), Sensitivity.WIDE: N_("wide")}


def counted(text: str, count: int, **parts: str) -> str:
    """A text with its number in it, and what else it holds; ``text`` is what ``ngettext`` answered for the number."""
    return text.format(count=number(count), **parts)


def stories(count: int) -> str:
    """A number of stories: "1 story", "1,204 stories"."""
    return counted(ngettext("{count} story", "{count} stories", count), count)


def entries(count: int) -> str:
    """A number of entries."""
    return counted(ngettext("{count} entry", "{count} entries", count), count)


def topics(count: int) -> str:
    """A number of topics."""
    return counted(ngettext("{count} topic", "{count} topics", count), count)


def feeds(count: int) -> str:
    """A number of feeds."""
    return counted(ngettext("{count} feed", "{count} feeds", count), count)


def alerts(count: int) -> str:
    """A number of alerts."""
    return counted(ngettext("{count} alert", "{count} alerts", count), count)


def concepts(count: int) -> str:
    """A number of concepts."""
    return counted(ngettext("{count} concept", "{count} concepts", count), count)


def hits(count: int) -> str:
    """A number of hits of a backtest."""
    return counted(ngettext("{count} hit", "{count} hits", count), count)


def level(sensitivity: Sensitivity) -> str:
    """How sensitive a topic is, in a word."""
    return _(_LEVELS[sensitivity])


def clip(text: str, chars: int) -> str:
    """The text, or its beginning with an ellipsis: never more than ``chars`` characters."""
    return text if len(text) <= chars else text[: chars - 1].rstrip() + "…"


def quoted(name: str) -> str:
    """A name in quotes."""
    return _("“{name}”").format(name=name)


def listed(words: Sequence[str]) -> str:
    """Words as a person lists them: "a", "a and b", "a, b and c"."""
    *first, last = words or ("",)
    return _("{words} and {last}").format(words=", ".join(first), last=last) if first else last


def did_you_mean(near: Sequence[str]) -> str:
    """A question after what was probably meant; "" where nothing is near."""
    return _("Did you mean {names}?").format(names=listed([quoted(word) for word in near])) if near else ""


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
