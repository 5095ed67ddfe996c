"""An article's page to an entry: title, date, paragraphs. Bytes in, entry out; this module must not fetch anything.

The extractor (trafilatura) takes 0.3 seconds to import, which is why that happens on first use.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from feedparser.encodings import parse_content_type

from bot import limits
from bot.errors import FeedParseError
from bot.feeds.bounded import TooComplexError, check_page
from bot.feeds.encodings import page_in_utf8
from bot.feeds.fields import absolute, iso_moment, keepable, language, one_line
from bot.model import ParsedEntry

if TYPE_CHECKING:
    from datetime import datetime

_HEAD_CHARS: Final = 200_000
_LANG: Final = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9-]+)?)", re.IGNORECASE)
_STAMPS: Final = (
    re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{10,40})\""),
    re.compile(r"article:published_time[\"']?\s+content\s*=\s*[\"']([^\"']{10,40})"),
    re.compile(r"content\s*=\s*[\"']([^\"']{10,40})[\"']\s+(?:property|name)\s*=\s*[\"']article:published_time"),
)


def extract_page(html: bytes | str, *, url: str, content_type: str = "") -> ParsedEntry:
    """Read an article from its page. ``url`` is where the page came from; "" takes the address that the page names.

    ``content_type`` is the HTTP header. The body is plain paragraphs joined by a newline, without links, comments and
    navigation; the date is the page's own word, to the day where it gives no time. Raises FeedParseError if there is no
    article on the page.
    """
    # Imported here because it is slow to import and most runs never need it.
    from trafilatura import bare_extraction  # noqa: PLC0415 - see the module's docstring

    if isinstance(html, bytes):
        html = page_in_utf8(html, stated=parse_content_type(content_type)[1])
    try:
        check_page(html if isinstance(html, bytes) else html.encode(errors="replace"))
        document = bare_extraction(html, url=url or None, include_comments=False, with_metadata=True, favor_recall=True)
    except TooComplexError as error:
        message = "the page is built of more parts than any reader could want"
        raise FeedParseError(message) from error
    except Exception as error:  # whatever an extractor of hostile markup may raise
        message = f"the page cannot be read ({type(error).__name__})"
        raise FeedParseError(message) from error
    text = getattr(document, "text", None)
    if not text:
        message = "there is no article on this page"
        raise FeedParseError(message)
    paragraphs = "\n".join(line.strip() for line in str(text).splitlines() if line.strip())
    head = _head(html)
    link = absolute(url or getattr(document, "url", None) or "", "")
    title = one_line(getattr(document, "title", None) or "", limit=limits.TITLE_CHARS)
    found = _LANG.search(head)
    return ParsedEntry(
        guid=link,
        url=link,
        title=title,
        body=keepable(paragraphs, limit=limits.TEXT_CHARS),
        published_at=_moment(head, getattr(document, "date", None) or ""),
        lang=language(found[1]) if found else None,
        source=one_line(getattr(document, "sitename", None) or "", limit=100) or None,
    )


def _head(html: bytes | str) -> str:
    """The part of the page in which its own statements stand; the encoding does not matter to ASCII ones."""
    return html[:_HEAD_CHARS].decode("utf-8", "replace") if isinstance(html, bytes) else html[:_HEAD_CHARS]


def _moment(head: str, day: str) -> datetime | None:
    """The day that the extractor settled on, with the time of day if the page states one within a day of it."""
    settled = iso_moment(day)
    for pattern in _STAMPS:
        found = pattern.search(head)
        stated = iso_moment(found[1]) if found else None
        if stated is not None and (settled is None or abs(stated - settled) < timedelta(days=2)):
            return stated
    return settled
