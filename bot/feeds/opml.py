"""Lists of feeds as OPML files, in and out: bytes to values and back. Must not fetch, store or ask anybody.

What strangers send is read by ``bot.feeds.parsers``, where it can be stopped.

OPML 2.0 (opml.org/spec2.opml): a feed is an ``outline`` with an ``xmlUrl``, in folders or not. Files of the wild
are broken in every way that XML can be, so the reader recovers what it can and never resolves an entity.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from bot import limits
from bot.errors import FeedParseError, UnsafeAddressError
from bot.feeds.bounded import TooComplexError, check_attributes
from bot.feeds.fields import one_line
from bot.feeds.hosts import parse_address
from bot.model import FeedLink, FeedList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lxml.etree import _Element

_TITLE_CHARS: Final = 200
_SURROGATE: Final = re.compile(rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5[5-7]\d{3});?", re.IGNORECASE)
"""References to halves of characters (and, since it is a file's last chance, to a few of their neighbours)."""


def read_opml(data: bytes) -> FeedList:
    """Read a list of feeds: each address once, in the order of the file, at most ``limits.OPML_FEEDS`` of them.

    Raises:
        FeedParseError: this is no OPML, or there is no feed in it.
    """
    head = data[: limits.OPML_BYTES]
    try:
        return _listed(_root(head))
    except UnicodeDecodeError:
        # Recovering, the parser lets halves of characters through, and fails when it is asked for them.
        whole = _SURROGATE.sub(b"", head.decode("utf-8", "replace").encode())
        return _listed(_root(whole))


def _root(data: bytes) -> _Element:
    # Imported here because most runs never need it.
    from lxml import etree  # noqa: PLC0415 - see above

    if b"<!ENTITY" in data:
        raise FeedParseError("the file defines entities of its own, which I do not read; export the list again")
    try:
        check_attributes(data)
    except TooComplexError as error:
        raise FeedParseError("a tag in the file has more attributes than any list of feeds needs") from error
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedParseError("the file is not OPML: its XML cannot be read") from error
    if root is None or not _is(root, "opml"):
        raise FeedParseError("the file is not OPML: it does not begin with <opml>")
    return root


def _listed(root: _Element) -> FeedList:
    """The feeds of the outlines below ``root``."""
    found: dict[str, FeedLink] = {}
    unusable = 0
    for outline in root.iter():
        if not _is(outline, "outline"):
            continue
        url = _attribute(outline, "xmlurl")
        if url is None:
            continue
        if not _fetchable(url):
            unusable += 1
            continue
        title = _attribute(outline, "title") or _attribute(outline, "text") or ""
        found.setdefault(url, FeedLink(url, one_line(title, limit=_TITLE_CHARS)))
        if len(found) >= limits.OPML_FEEDS:
            break
    if not found:
        raise FeedParseError("there is no feed in the file: no outline of it has an xmlUrl that can be fetched")
    return FeedList(_head(root, "title"), tuple(found.values()), _head(root, "description"), unusable)


def write_opml(feeds: Sequence[FeedLink], *, title: str, now: datetime) -> bytes:
    """An OPML 2.0 document of these feeds; ``now`` is aware."""
    from lxml import etree  # noqa: PLC0415 - see _root

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = one_line(title, limit=_TITLE_CHARS)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        label = one_line(feed.title or feed.url, limit=_TITLE_CHARS)
        etree.SubElement(
            body, "outline", type="rss", text=label, title=label, xmlUrl=one_line(feed.url, limit=limits.URL_CHARS)
        )
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _is(element: _Element, name: str) -> bool:
    """Whether the element is called so, whatever its case and namespace; comments have no name."""
    tag = element.tag
    return isinstance(tag, str) and tag.rpartition("}")[2].lower() == name


def _attribute(element: _Element, name: str) -> str | None:
    return next((value.strip() for key, value in element.items() if key.lower() == name and value.strip()), None)


def _head(root: _Element, name: str) -> str:
    heads: Iterable[_Element] = (child for child in root if _is(child, "head"))
    texts = (child.text or "" for head in heads for child in head if _is(child, name))
    return one_line(next(texts, ""), limit=_TITLE_CHARS)


def _fetchable(url: str) -> bool:
    """Whether it can be asked for at all: one that cannot must not keep the rest of the list out."""
    try:
        return len(url) <= limits.URL_CHARS and bool(parse_address(url))
    except UnsafeAddressError:
        return False
