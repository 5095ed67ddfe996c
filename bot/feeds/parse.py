"""From a feed's bytes to entries: RSS, Atom, RDF and CDF through feedparser, JSON Feed by a reader of our own.

Whatever a body holds, the outcome is a ParsedFeed or a FeedParseError. feedparser is only ever given a BytesIO: given
bytes, it would open a file or an address of that name. This module must not fetch, clean bodies or know the clock.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from feedparser.encodings import parse_content_type

from bot import limits
from bot.errors import FeedParseError
from bot.feeds import bounded
from bot.feeds.bounded import TooComplexError, check_tags, parse_document, within_tags
from bot.feeds.encodings import mended, mended_cyrillic
from bot.feeds.fields import absolute, keepable, language, one_line, plausible, text_of, title_text
from bot.feeds.jsonfeed import read_json_feed
from bot.feeds.plain import Document, in_words, read_plain
from bot.feeds.references import mended_references
from bot.feeds.split import split_feed
from bot.model import ParsedEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.feeds.split import Split

_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_SOURCE_CHARS: Final = 100
_PERIODS_S: Final = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_SALVAGE_PARSES: Final = 64
_CUT: Final = "some entries were left out: the feed is built of more parts than can be read in time"
_BARE: Final = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|(&)(?!#?\w+;)", re.DOTALL)
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_ELEMENT: Final = re.compile(rb"<([a-zA-Z_][a-zA-Z0-9_:.-]*)")
_ENTRY_TAG: Final = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|<(?P<closing>/?)(?:[a-zA-Z0-9]+:)?(?P<entry>item|entry)(?=[\s/>]|\Z)(?:[^<>]*(?P<empty>/)>)?",
    re.DOTALL | re.IGNORECASE,
)
_FEED_ROOTS: Final = frozenset({b"rss", b"feed", b"rdf:rdf", b"channel"})
_HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's content, its entries in document order. ``bozo`` is what was wrong with a feed that was read anyway.

    ``ttl_s`` is how long the publisher says that a copy may be kept (RSS ttl, or the syndication module's period).
    ``told_apart`` says that entries shared an id and were given ids of their own.
    """

    title: str
    lang: str | None
    ttl_s: int | None
    entries: tuple[ParsedEntry, ...]
    bozo: str | None = None
    told_apart: bool = False


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """Read a feed. ``url`` is where it came from (links are resolved against it), ``content_type`` the HTTP header.

    Raises FeedParseError, saying what the body seems to be, if it is no feed.
    """
    if not body.strip(b"\x00\t\n\r \xef\xbb\xbf\xfe\xff"):
        message = "the answer is empty"
        raise FeedParseError(message)
    body = _mended(body, content_type)
    parsed = read_json_feed(body, url=url)
    if parsed is None:
        return _read_xml(body, url=url, content_type=content_type)
    return ParsedFeed(parsed.title, parsed.lang, None, tell_apart(parsed.entries))


def tell_apart(entries: Iterable[ParsedEntry]) -> tuple[ParsedEntry, ...]:
    """Give entries of one document that share an id, but not an address, ids of their own: the id and the address."""
    found = tuple(entries)
    urls: defaultdict[str, set[str]] = defaultdict(set)
    for entry in found:
        urls[entry.guid].add(entry.url)
    return tuple(
        replace(entry, guid=f"{entry.guid} {entry.url}"[: limits.GUID_CHARS])
        if entry.guid and len(urls[entry.guid]) > 1
        else entry
        for entry in found
    )


def parse_plain_feed(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed | None:
    """As ``parse_feed`` of a document that is plain: quick whatever it holds. None for all others."""
    body = _mended(body, content_type)
    document = read_plain(_shortened(body), _headers(url, content_type))
    return None if document is None else _feed_of(document, body, url)


def _mended(body: bytes, content_type: str) -> bytes:
    stated = parse_content_type(content_type)[1]
    return mended_references(mended_cyrillic(mended(body, stated=stated), stated=stated))


def _headers(url: str, content_type: str) -> dict[str, str]:
    return {"content-location": url} | ({"content-type": content_type} if content_type else {})


def _read_xml(body: bytes, *, url: str, content_type: str) -> ParsedFeed:
    return _feed_of(_document(_shortened(body), _headers(url, content_type)), body, url)


def _feed_of(document: Document, body: bytes, url: str) -> ParsedFeed:
    feed = document.feed
    if not document.version and not document.entries and _root(body) not in _FEED_ROOTS:
        raise FeedParseError(_what_it_is(body))
    # RSS has no word for what its titles are, and they are HTML whatever feedparser guesses.
    always_html = not document.version.startswith("atom")
    reader = _Reader(url, _title(feed, always_html=always_html), language(feed.get("language")), always_html)
    # Half of an entry is none: the whole one, at the next poll, would be a second one without the first one's names.
    whole = document.entries[:-1] if _ends_inside_entry(body) else document.entries
    entries = (reader.entry(entry) for entry in whole[: limits.ENTRIES_PER_FEED])
    found = tuple(entry for entry in entries if entry.title or entry.body or entry.url)
    apart = tell_apart(found)
    return ParsedFeed(
        title=reader.feed_title,
        lang=reader.feed_lang,
        ttl_s=_ttl_s(feed),
        entries=apart,
        bozo=document.fault,
        told_apart=apart != found,
    )


def _document(body: bytes, headers: Mapping[str, str]) -> Document:
    """Parse a document; one that feedparser raises on is read in parts, so that one bad entry does not end a feed."""
    try:
        check_tags(body)
        plain = read_plain(body, headers)
        if plain is not None:
            return plain
        body = _ampersands_escaped(body)
        first = within_tags(body)
        return _parsed(body, headers) if first is body else replace(_parsed(first, headers), fault=_CUT)
    except TooComplexError as error:
        message = "the feed is built of more parts than any reader could want"
        raise FeedParseError(message) from error
    except Exception as error:  # feedparser lets six kinds escape on mutated feeds, and no contract names them
        message = f"the feed cannot be read ({type(error).__name__})"
        good = _salvaged(split_feed(body), headers)
        if not good:
            raise FeedParseError(message) from error
    entries = tuple(entry for part in good for entry in part.entries)
    return Document(good[0].version, good[0].feed, entries, f"some entries were left out: {message}")


def _ampersands_escaped(body: bytes) -> bytes:
    """The document with each "&" that begins no reference written as XML wants it: feedparser makes "S&P;" of "S&P"."""
    # In what is no ASCII, or switches to and fro, such a byte may be half of a character.
    if b"\0" in body or b"\x1b" in body:
        return body
    bare = 0

    def escaped(found: re.Match[bytes]) -> bytes:
        nonlocal bare
        if not found[1]:
            return found[0]
        bare += 1
        if bare > bounded.PIECES_PER_FEED:
            raise TooComplexError
        return b"&amp;"

    return _BARE.sub(escaped, body)


def _parsed(body: bytes, headers: Mapping[str, str]) -> Document:
    document = parse_document(body, headers=headers)
    fault = document.get("bozo_exception") if document.get("bozo") else None
    return Document(
        version=text_of(document.get("version")),
        feed=_dict(document.get("feed")),
        entries=tuple(map(_dict, _list(document.get("entries")))),
        fault=None if fault is None else in_words(fault),
    )


def _salvaged(pieces: Split, headers: Mapping[str, str]) -> list[Document]:
    """What can be read of a document, in its order, found by halving; past an allowance of tries, no more is."""
    good: list[Document] = []
    middle = len(pieces.entries) // 2
    waiting = [(middle, len(pieces.entries)), (0, middle)]
    for _ in range(_SALVAGE_PARSES):
        if not waiting:
            break
        start, end = waiting.pop()
        if start == end:
            continue
        try:
            good.append(_parsed(pieces.document(start, end), headers))
        except Exception:  # noqa: BLE001 - as above; what cannot be read alone is left out
            middle = (start + end) // 2
            if end - start > 1:
                waiting += [(middle, end), (start, middle)]
    return good


def _shortened(body: bytes) -> bytes:
    """The document without its entries past the cap, still well-formed: parsing 50,000 of them takes 10 seconds."""
    if body.count(b"</") <= limits.ENTRIES_PER_FEED:
        return body
    pieces = split_feed(body)
    return pieces.document(0, limits.ENTRIES_PER_FEED) if len(pieces.entries) > limits.ENTRIES_PER_FEED else body


def _ends_inside_entry(body: bytes) -> bool:
    """Whether the document was cut off: its last entry is never closed."""
    # Nearly always the last of them is an end tag: looking begins there.
    begin = _last_end(body, len(body))
    comment = body.rfind(b"<!--", 0, begin)
    if comment > body.rfind(b"-->", 0, begin):
        begin = _last_end(body, comment)
    last = None
    for found in _ENTRY_TAG.finditer(body, begin):
        last = found if found["entry"] else last
    return last is not None and not last["closing"] and not last["empty"]


def _last_end(body: bytes, before: int) -> int:
    return max(body.rfind(b"</item>", 0, before), body.rfind(b"</entry>", 0, before), 0)


def _root(body: bytes) -> bytes:
    """The name of the document's first element, in lower case: feedparser knows no version for an empty CDF channel."""
    found = _ELEMENT.search(_COMMENT.sub(b"", body[:_HEAD_BYTES]))
    return found[1].lower() if found else b""


def _what_it_is(body: bytes) -> str:
    head = body[:_HEAD_BYTES].lower()
    if b"<opml" in head:
        return "this is a list of feeds (OPML), not a feed"
    if b"<html" in head or b"<!doctype html" in head or b"<body" in head:
        return "this is a web page, not a feed"
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"pk\x03\x04", b"\x1f\x8b")):
        return "this is a file of another kind, not a feed"
    if b"<?xml" in head or b"xmlns" in head:
        return "this is XML, but no feed that I know (RSS, Atom, RDF, CDF)"
    return "this is not a feed"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the entries of one document. ``always_html``: its titles are HTML, whatever their type is said to be."""

    url: str
    feed_title: str
    feed_lang: str | None
    always_html: bool

    def entry(self, entry: Mapping[str, Any]) -> ParsedEntry:
        """One entry, every field within its cap."""
        outlet = _title(_dict(entry.get("source")), always_html=self.always_html) or text_of(entry.get("publisher"))
        details = (_dict(entry.get(key)) for key in ("title_detail", "summary_detail"))
        languages = (language(detail.get("language")) for detail in details)
        return ParsedEntry(
            guid=one_line(text_of(entry.get("id")), limit=limits.GUID_CHARS),
            url=_link(entry, self.url),
            title=_title(entry, always_html=self.always_html),
            body=_body(entry),
            published_at=_moment(entry),
            lang=next((lang for lang in languages if lang), None) or self.feed_lang,
            source=one_line(outlet, limit=_SOURCE_CHARS) or self.feed_title or None,
        )


def _title(holder: Mapping[str, Any], *, always_html: bool) -> str:
    detail = _dict(holder.get("title_detail"))
    value = text_of(detail.get("value")) or text_of(holder.get("title"))
    is_html = always_html or detail.get("type") in _HTML_TYPES
    return title_text(value, is_html=is_html, limit=limits.TITLE_CHARS)


def _body(entry: Mapping[str, Any]) -> str:
    """The longest of content and summary: outlets put the article in either.

    What a picture shows says what happened only where nothing else does, as a film's entry.
    """
    values = [text_of(_dict(content).get("value")) for content in _list(entry.get("content"))]
    values.append(text_of(entry.get("summary")))
    longest = max(values, key=len) or text_of(entry.get("media_description"))
    return keepable(longest, limit=limits.TEXT_CHARS)


def _link(entry: Mapping[str, Any], base: str) -> str:
    """The entry's own page: its link, else an id that is an address, else its first enclosure."""
    candidates = [text_of(entry.get("link"))]
    identity = text_of(entry.get("id"))
    if identity.startswith(("http://", "https://")):
        candidates.append(identity)
    candidates += [text_of(_dict(link).get("href")) for link in _list(entry.get("links"))]
    for candidate in candidates:
        link = absolute(candidate, base)
        if link:
            return link
    return ""


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    """When it was published; else when it was last changed. Only keys that are there are read: others would warn."""
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        value = dict.get(entry, key) if isinstance(entry, dict) else None
        if value is None:
            continue
        try:
            moment = plausible(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=calendar.timegm(value)))
        except (TypeError, ValueError, OverflowError):
            continue
        if moment is not None:
            return moment
    return None


def _ttl_s(feed: Mapping[str, Any]) -> int | None:
    minutes = text_of(feed.get("ttl")).strip()
    if minutes.isascii() and minutes.isdigit() and int(minutes[:9]) > 0:
        return int(minutes[:9]) * 60
    period_s = _PERIODS_S.get(text_of(feed.get("sy_updateperiod")).strip().lower())
    if period_s is None:
        return None
    times = text_of(feed.get("sy_updatefrequency")).strip()
    return period_s // max(1, int(times[:4])) if times.isascii() and times.isdigit() else period_s


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
