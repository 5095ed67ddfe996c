"""What of a feed's first document is news: what was published since somebody added the feed. Pure.

A feed that is added is asked at once, and all that it holds then is its past. But it may not answer for an hour, or a
list of hundreds is added: what is published meanwhile is waited for. A date tells the two apart, where it can be
believed: many feeds give all their posts the time at which the document was made.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Feed, ParsedEntry

JUST_NOW: Final = timedelta(minutes=2)
"""What is dated that shortly before the poll, or after it, may have got its date from the request."""
_FEW: Final = 3


def news_of(feed: Feed, document: Sequence[ParsedEntry], *, now: datetime) -> tuple[datetime, datetime] | None:
    """Between which times (both left out) an entry of the first document must be dated to be told; None for never."""
    dates = [entry.published_at for entry in document if entry.published_at is not None]
    if feed.added_at is None or not dates:
        return None
    alike = max(Counter(dates).values())
    if len(dates) >= _FEW and alike * 2 > len(dates):
        return None
    until = now - JUST_NOW
    return (feed.added_at, until) if feed.added_at < until else None
