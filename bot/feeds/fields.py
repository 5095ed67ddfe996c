"""Single values out of feeds and files, made safe to keep: texts, titles, links, languages, dates.

Nothing here raises on what a stranger wrote. Pure: no clock, no I/O.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin

import nh3

from bot import limits

OLDEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
NEWEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Dates outside of these bounds are mistakes, not dates: no feed is older."""

OLDEST_ARCHIVED: Final = datetime(1800, 1, 1, tzinfo=UTC)
"""The bound for files that somebody collected."""

_UNKEEPABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS: Final = str.maketrans("\x0b\x0c\x85", "   ")
"""Control characters that part lines: what they part stays apart."""
_TAG: Final = re.compile(r"</?[a-zA-Z!][^<>]*>")
_FORMATTING: Final = re.compile(
    r"</?(?:a|b|br|div|em|font|i|img|p|small|span|strong|sub|sup|u)(?:\s[^<>]*|/)?>", re.IGNORECASE
)
_SIMPLE: Final = re.compile(
    r"https?://[a-z0-9.-]+(?::[0-9]+)?/[\w/.,~%:@!$&'()*+=-]*(?:\?[\w/.,~%:@!$&'()*+=?-]+)?", re.ASCII
)
_LANGUAGE: Final = re.compile(r"\s*([a-z]{2,3})(?:[-_][a-z0-9_-]*)?\s*", re.IGNORECASE | re.ASCII)


def text_of(value: object) -> str:
    """The value if it is text, else "": for fields in which a stranger may have put anything."""
    return value if isinstance(value, str) else ""


def keepable(text: str, *, limit: int) -> str:
    """At most ``limit`` characters, without NULs, other control characters and lone surrogates.

    Those that part lines are a space each.
    """
    return _UNKEEPABLE.sub("", text[: 2 * limit].translate(_BREAKS))[:limit]


def one_line(text: str, *, limit: int) -> str:
    """``keepable`` with every run of white space as one space."""
    return " ".join(keepable(text, limit=4 * limit).split())[:limit].rstrip()


def title_text(value: str, *, is_html: bool, limit: int) -> str:
    """A title as a reader sees it, on one line.

    ``is_html`` is what the feed's format says of it: a plain title's "<b>" stays as it is written. Titles are escaped
    twice so often that what is left after one round is decoded once more, where it is text formatting and no other tag.
    """
    text = value[: 8 * limit]
    if is_html:
        if "&" in text or _TAG.search(text):
            text = html.unescape(nh3.clean(text, tags=set()))
        text = html.unescape(_FORMATTING.sub("", text))
    return one_line(text, limit=limit)


def is_simple(link: str) -> bool:
    """Whether it is an http(s) address in full that no resolving would change."""
    return _SIMPLE.fullmatch(link) is not None


def absolute(link: str, base: str) -> str:
    """A link as an http(s) address, resolved against ``base``; "" if it is none or longer than the cap."""
    if len(link) <= limits.URL_CHARS and is_simple(link):
        return link
    # No space for a control character: an address has none, and one that is stored must stay as it is.
    text = _UNKEEPABLE.sub("", link[: 2 * limits.URL_CHARS])[: limits.URL_CHARS + 1].strip()
    if not text:
        return ""
    try:
        resolved = urljoin(base, text)
    except ValueError:
        return ""
    usable = resolved[:8].lower().startswith(("http://", "https://")) and len(resolved) <= limits.URL_CHARS
    return resolved if usable else ""


def language(value: object) -> str | None:
    """The primary subtag of a language code in lower case ("en-GB" gives "en"), or None."""
    found = _LANGUAGE.fullmatch(text_of(value)[:40])
    return found[1].lower() if found else None


def plausible(moment: datetime | None, *, oldest: datetime = OLDEST) -> datetime | None:
    """The moment in UTC (taken to be so where it names no zone), or None if no outlet can have meant it."""
    if moment is None:
        return None
    try:
        utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return utc if oldest <= utc < NEWEST else None


def iso_moment(value: str, *, oldest: datetime = OLDEST) -> datetime | None:
    """An ISO 8601 date or date and time (RFC 3339 included) in UTC, or None."""
    try:
        return plausible(datetime.fromisoformat(value.strip()), oldest=oldest)
    except ValueError:
        return None
