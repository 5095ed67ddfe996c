"""Feeds and entries: what is polled, and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.seal import is_sealed

if TYPE_CHECKING:
    from datetime import datetime


class FeedState(StrEnum):
    """What the scheduler does with a feed."""

    ACTIVE = "active"
    GONE = "gone"  # the server answered 410: never polled again
    MOVED = "moved"  # it moved to where another feed is, which serves its chats now
    ARCHIVE = "archive"  # imported files: no address to poll


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS, Atom, RDF or JSON Feed source that is polled.

    ``title`` is what the feed calls itself, or its site while it has not said; never an address, which may hold a
    password. ``etag`` and ``last_modified`` are the server's own words, sent back verbatim. ``baselined`` is False
    until the first poll has stored what the feed then held, silently but for what is dated since it was added. A
    ``shared`` feed serves every chat; any other serves the chats that added it. ``moved_to`` is where permanent
    redirects led at the last ``moved_times`` polls in a row; ``flooded_at`` when it last issued far more new entries at
    once than a feed does. ``failing_since`` is the first failure of those in a row that last until now. ``skips`` are
    the hours and days at which it asks not to be read (``bot.feeds.skips``). ``added_at`` is when it was added, None
    for those of before that was noted.
    """

    id: int
    url: str
    title: str
    next_poll_at: datetime
    state: FeedState = FeedState.ACTIVE
    shared: bool = False
    lang: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    interval_s: int = 900
    baselined: bool = False
    failures: int = 0
    last_error: str | None = None
    last_polled_at: datetime | None = None
    last_entry_at: datetime | None = None
    moved_to: str | None = None
    moved_times: int = 0
    flooded_at: datetime | None = None
    failing_since: datetime | None = None
    skips: int = 0
    added_at: datetime | None = None

    @property
    def is_lost(self) -> bool:
        """Whether its address is sealed with a key that is not set. Adding the feed again brings it back."""
        return is_sealed(self.url)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page or a list names it: its address, and the title given with it ("" if none)."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """A list of feeds, as an OPML file holds one. ``unusable`` counts what could not be fetched if one tried."""

    title: str
    feeds: tuple[FeedLink, ...]
    about: str = ""
    unusable: int = 0


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """One post as the feed (or an imported file) gave it: ``title`` is plain text, ``body`` may still be HTML."""

    guid: str
    url: str
    title: str
    body: str
    published_at: datetime | None = None
    lang: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One post, cleaned. ``text`` holds paragraphs of article text joined by a newline, without the title.

    ``published_at`` is the feed's word, clamped to the moment of first sight; None where the feed gave none.
    ``source`` is the outlet's name as a reader would write it; ``credit`` the agency whose report the entry says it is.
    """

    id: int
    feed_id: int
    guid: str
    url: str
    title: str
    text: str
    lang: str
    source: str
    first_seen_at: datetime
    published_at: datetime | None = None
    credit: str = ""

    @property
    def at(self) -> datetime:
        """When this happened, as far as we know: its place in the order of coverage."""
        return self.published_at or self.first_seen_at
