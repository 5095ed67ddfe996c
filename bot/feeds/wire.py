"""What passes between the bot and a process that parses for it: data, never objects.

JSON rather than pickles, so that a parser which a hostile body took over could give back wrong texts and nothing worse.
Pure; both ends import it, so it must stay quick to import.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from bot.feeds.parse import ParsedFeed
from bot.model import FeedLink, FeedList, ParsedEntry

HEAD: Final = struct.Struct(">II")
"""Before every message: the lengths of its JSON part and of the raw body behind it, in bytes."""

ANSWER_BYTES: Final = 64 * 1024 * 1024
"""More than any body within its cap can give."""


@dataclass(frozen=True, slots=True)
class Job:
    """A body to read: ``kind`` is "feed", "page", "list" or "links"; ``content_type`` the HTTP header.

    A "page" is read for its article, and for the feeds that it names where "links" are wanted; a "list" is OPML.
    """

    kind: str
    url: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a value of the kind asked for, or ``error`` in words for a person.

    ``last`` says that the process ends now, because it holds more memory than it should keep.
    """

    value: Any = None
    error: str | None = None
    last: bool = False


def message(fields: dict[str, Any], body: bytes = b"") -> bytes:
    """One message: its head, its JSON part, its body."""
    # Lone surrogates are no UTF-8; escaped, they come through as they are.
    text = json.dumps(fields, separators=(",", ":")).encode("ascii")
    return HEAD.pack(len(text), len(body)) + text + body


def request(job: Job, body: bytes) -> bytes:
    """A job with its body."""
    return message(asdict(job), body)


def job_of(fields: dict[str, Any]) -> Job:
    """The job of a request."""
    return Job(**fields)


def feed_fields(feed: ParsedFeed) -> dict[str, Any]:
    """A parsed feed as plain values."""
    return asdict(feed) | {"entries": [_entry_fields(entry) for entry in feed.entries]}


def feed_of(fields: dict[str, Any]) -> ParsedFeed:
    """The parsed feed of its plain values."""
    return ParsedFeed(**{**fields, "entries": tuple(map(_entry_of, fields["entries"]))})


def list_of(fields: dict[str, Any]) -> FeedList:
    """The list of feeds of its plain values."""
    return FeedList(**{**fields, "feeds": links_of(fields["feeds"])})


def links_of(rows: list[dict[str, str]]) -> tuple[FeedLink, ...]:
    """The feeds that a page names, of their plain values."""
    return tuple(FeedLink(**row) for row in rows)


def _entry_fields(entry: ParsedEntry) -> list[Any]:
    at = entry.published_at
    return [entry.guid, entry.url, entry.title, entry.body, at and at.isoformat(), entry.lang, entry.source]


def _entry_of(row: list[Any]) -> ParsedEntry:
    guid, url, title, body, at, lang, source = row
    return ParsedEntry(guid, url, title, body, datetime.fromisoformat(at) if at else None, lang, source)
