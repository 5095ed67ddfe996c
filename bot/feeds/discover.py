"""The feeds that a web page names: bytes in, addresses out. Must not fetch anything, nor believe that they work.

What strangers send is read by ``bot.feeds.parsers``, where it can be stopped.

A page names its feeds by ``<link rel="alternate">`` in its head (RSS autodiscovery, rssboard.org/rss-autodiscovery;
HTML 4.6.7), and many only by a link that says RSS. Where it names none, the usual addresses are worth a try.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from feedparser.encodings import parse_content_type

from bot import limits
from bot.feeds.bounded import TooComplexError, check_attributes
from bot.feeds.encodings import is_utf8, page_in_utf8
from bot.feeds.fields import one_line
from bot.model import FeedLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml"}
)
USUAL_PATHS: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where sites that name no feed keep one, likeliest first."""

_LOOKS_LIKE_FEED: Final = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf)(?:$|[/._?-])|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_SAYS_FEED: Final = re.compile(r"\b(?:rss|atom|xml)\b", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment", re.IGNORECASE)
_TITLE_CHARS: Final = 100
_LINKS_READ: Final = 10_000
"""Of a page, from its top; none that is for people has as many."""


def feed_links(html: bytes, *, url: str, content_type: str = "") -> tuple[FeedLink, ...]:
    """The feeds that a page names, most likely first: declared ones, then links that look like one.

    ``url`` is where the page came from, ``content_type`` the HTTP header. Feeds of comments come last. At most
    ``limits.FEEDS_ON_PAGE`` are given.
    """
    # Imported here because most runs never need it.
    from lxml import etree  # noqa: PLC0415 - see above

    page = page_in_utf8(html[: limits.PAGE_BODY_BYTES], stated=parse_content_type(content_type)[1])
    # Left alone, the library takes a page that does not say what it is in for Western European.
    encoding = "utf-8" if is_utf8(page) else None
    parser = etree.HTMLParser(no_network=True, huge_tree=False, recover=True, encoding=encoding)
    try:
        check_attributes(page)
        root = etree.fromstring(page, parser)
    except (TooComplexError, etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    if root is None:
        return ()
    base = _base(root, url)
    links = [*_declared(root, base), *_linked(root, base)]
    links.sort(key=lambda link: bool(_COMMENTS.search(f"{link.url} {link.title}")))
    unique: dict[str, FeedLink] = {}
    for link in links:
        unique.setdefault(link.url, link)
    unique.pop(url, None)
    return tuple(unique.values())[: limits.FEEDS_ON_PAGE]


def usual_addresses(url: str) -> tuple[str, ...]:
    """Where a site that names no feed may keep one."""
    return tuple(urljoin(url, path) for path in USUAL_PATHS)


def _base(root: _Element, url: str) -> str:
    """The address that the page's links are relative to (HTML 4.2.3)."""
    stated = next((element.get("href") for element in root.iter("base")), None)
    return _joined(url, stated) or url


def _declared(root: _Element, base: str) -> Iterator[FeedLink]:
    for element in islice(root.iter("link"), _LINKS_READ):
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        address = _joined(base, element.get("href"))
        if address and (("alternate" in rel and kind in FEED_TYPES) or "feed" in rel):
            yield FeedLink(address, one_line(element.get("title") or "", limit=_TITLE_CHARS))


def _linked(root: _Element, base: str) -> Iterator[FeedLink]:
    for element in islice(root.iter("a"), _LINKS_READ):
        address = _joined(base, element.get("href"))
        if not address:
            continue
        words = one_line("".join(element.itertext()), limit=_TITLE_CHARS)
        parts = urlsplit(address)
        # A newspaper's "/feed/" counts; a share button that carries an address in its query does not.
        ours = parts.hostname == urlsplit(base).hostname
        if _LOOKS_LIKE_FEED.search(parts.path) and (ours or _SAYS_FEED.search(words)):
            yield FeedLink(address, words)


def _joined(base: str, address: str | None) -> str | None:
    """The address in full, without its fragment; None for what is no http(s) address."""
    if not address or not address.strip():
        return None
    try:
        joined = urljoin(base, address.strip()).partition("#")[0]
        parts = urlsplit(joined)
    except ValueError:
        return None
    usable = parts.scheme in {"http", "https"} and parts.hostname and len(joined) <= limits.URL_CHARS
    return joined if usable else None
