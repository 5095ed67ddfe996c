"""feedparser and libxml2 with the bounds that they lack.

A tag with 100,000 attributes costs it 80 seconds (the time grows with their square), a megabyte of tags that are never
closed 7; libxml2, which reads lists of feeds and pages for their links, takes 20 for 50,000 attributes. A document is
counted through before it is read, and the parsers that ``feedparser.parse`` builds give way to ones that give up early,
in this process: for what the count does not see, such as other encodings. What a document says of its encoding is found
in one pass (3000 times "encoding=" in a first line took feedparser a minute), and what no encoding of texts is called
counts as unknown.
"""

from __future__ import annotations

import io
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import feedparser
import feedparser.api
import feedparser.encodings
import feedparser.namespaces.georss
from feedparser.encodings import parse_content_type
from feedparser.sanitizer import replace_doctype

from bot.feeds.encodings import NO_CODEC, declared_encoding, may_decode
from bot.feeds.plain_names import FULL_TEXTS
from bot.feeds.split import split_feed

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTRIBUTES_PER_TAG: Final = 256
TAGS_DEEP: Final = 500
TAGS_PER_FEED: Final = 40_000  # two seconds of feedparser, where each is of the slowest kind
TAGS_PER_PAGE: Final = 50_000  # two seconds of the extractor; real pages have hundreds, some of them thousands
MARKS_PER_FEED: Final = 1_000_000  # each "<", of tags, comments and text alike
PIECES_PER_FEED: Final = 600_000  # of text: the lenient parser takes each "<" and "&" that begins nothing for itself
ATTRIBUTES_PER_PAGE: Final = 150_000  # two seconds of the extractor, and 200 MB; of real pages few have a tenth of that
ATTRIBUTES_FOR_LIBXML: Final = 1000  # 1.3 s where each tag of a page has so many, and 0.07 s where it has 10
_ATTRIBUTE_BYTES: Final = 2  # one letter and what parts it from the next
_TAG_BYTES: Final = 256 * 1024
_HEAD_LINES: Final = 1000
_NAME_CHARS: Final = 1000
_ELEMENT: Final = re.compile(rb"<\w")
_BLANK_LINES: Final = re.compile(rb"\n\s*\n")
_NO_TAG: Final = rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_TAG: Final = re.compile(_NO_TAG + rb"|(<[a-zA-Z_])", re.DOTALL)
_ENDLESS_TAG: Final = re.compile(_NO_TAG + rb"|(<[a-zA-Z_][^<>]{%d})" % _TAG_BYTES, re.DOTALL)
_ATTRIBUTE: Final = rb"[\s/]*+[^\s<>=\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s<>\"']*+))?+"
_ATTRIBUTES: Final = re.compile(rb"<[a-zA-Z_][^\s<>/]*+([^<>]*)")
_ONE_ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
_LADEN_TAG: Final = re.compile(rb"<[a-zA-Z_][^\s<>/]*+(?:%b){%d}" % (_ATTRIBUTE, ATTRIBUTES_FOR_LIBXML + 1))


class TooComplexError(Exception):
    """The document is built to be slow rather than to be read."""


class _Bounded:
    """Stands before feedparser's own parsers in the method resolution order."""

    depth: int
    _tags = 0
    _ends = 0
    _pieces = 0

    def startElementNS(self, name: object, qname: object, attrs: Any) -> None:  # noqa: N802, ANN401 - SAX's own
        if len(attrs) > ATTRIBUTES_PER_TAG:
            raise TooComplexError
        super().startElementNS(name, qname, attrs)  # type: ignore[misc]

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self._tags += 1
        if self._tags > TAGS_PER_FEED or self.depth > TAGS_DEEP or len(attrs) > ATTRIBUTES_PER_TAG:
            raise TooComplexError
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        # Also of tags that were never opened: each is looked for among all that are.
        self._ends += 1
        if self._ends > TAGS_PER_FEED:
            raise TooComplexError
        super().unknown_endtag(tag)  # type: ignore[misc]

    def _add_tag(self, *_: object) -> None:
        """Keep no categories: nobody reads them, and feedparser compares each with all before it."""
        self._get_context().setdefault("tags", [])  # type: ignore[attr-defined]

    def _sync_author_detail(self, key: str = "author") -> None:
        # Looking for an address in a name takes time by the square of its length; only a publisher's name is read.
        if key != "author" and len(str(self._get_context().get(key) or "")) <= _NAME_CHARS:  # type: ignore[attr-defined]
            super()._sync_author_detail(key)  # type: ignore[misc]

    # Kept apart, since feedparser takes what a picture shows for the entry's own summary, or for more of it.
    def _start_media_description(self, attrs: Any) -> None:  # noqa: ANN401 - feedparser's own
        self.push_content("media_description", attrs, "text/html", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop_content("media_description")  # type: ignore[attr-defined]

    # Elements of Yandex's, which hold the whole text of many an outlet.
    def _start_full_text(self, attrs: Any) -> None:  # noqa: ANN401 - feedparser's own
        self._start_content_encoded(attrs)  # type: ignore[attr-defined]

    def _end_full_text(self) -> None:
        self._end_content_encoded()  # type: ignore[attr-defined]

    def handle_data(self, text: str, escape: int = 1) -> None:
        self._count_piece()
        super().handle_data(text, escape)  # type: ignore[misc]

    def handle_charref(self, ref: str) -> None:
        self._count_piece()
        super().handle_charref(ref)  # type: ignore[misc]

    def handle_entityref(self, ref: str) -> None:
        self._count_piece()
        super().handle_entityref(ref)  # type: ignore[misc]

    def _count_piece(self) -> None:
        self._pieces += 1
        if self._pieces > PIECES_PER_FEED:
            raise TooComplexError


for _name in FULL_TEXTS:
    for _edge in ("start", "end"):
        setattr(_Bounded, f"_{_edge}_{_name.replace(':', '_')}", getattr(_Bounded, f"_{_edge}_full_text"))
for _name in ("StrictFeedParser", "LooseFeedParser"):
    setattr(feedparser.api, _name, type(_name, (_Bounded, getattr(feedparser.api, _name)), {}))


class _Declared:
    """Stands for the regular expression that finds a document's encoding; only ``match`` and ``groups`` are used."""

    _WHOLE: Final = re.compile(rb"(.*)", re.DOTALL)

    def match(self, data: bytes) -> re.Match[bytes] | None:
        name = declared_encoding(data)
        if name is None:
            return None
        usable = name.isascii() and may_decode(name.decode())
        return self._WHOLE.match(name if usable else NO_CODEC.encode())


def _replace_doctype(data: bytes) -> Any:  # noqa: ANN401 - feedparser's own
    """As feedparser's, which for each line before the first element reads all blank lines that follow."""
    first = _ELEMENT.search(data)
    head_bytes = first.start() if first else 0
    if data.count(b"\n", 0, head_bytes) > _HEAD_LINES:
        data = _BLANK_LINES.sub(b"\n", data[:head_bytes]) + data[head_bytes:]
    return replace_doctype(data)


def _no_place(*_: object, **__: object) -> None:
    """Places are not read; a megabyte of coordinates takes 40 MB."""


for _shape in ("georss_point", "georss_line", "georss_polygon", "georss_box", "poslist"):
    setattr(feedparser.namespaces.georss, f"_parse_{_shape}", _no_place)
feedparser.encodings.RE_XML_PI_ENCODING = _Declared()
# It would guess by chardet where that happens to be installed, and so otherwise here than there; chardet is slow, too.
feedparser.encodings.lazy_chardet_encoding = None
feedparser.api.replace_doctype = _replace_doctype


def check_tags(body: bytes) -> None:
    """Raises TooComplexError where a document has a longer tag, or more marks, than can be read in two seconds."""
    if len(body) > _TAG_BYTES and any(part[1] for part in _ENDLESS_TAG.finditer(body)):
        raise TooComplexError
    if body.count(b"<") > MARKS_PER_FEED:
        raise TooComplexError


def within_tags(body: bytes) -> bytes:
    """The document with as many of its first entries as feedparser reads in two seconds; itself where that is all.

    Raises TooComplexError where not even the first is among them.
    """
    # The quick count holds what is text or commented out as well.
    if body.count(b"<") <= TAGS_PER_FEED:
        return body
    pieces = split_feed(body)
    counts = [_tags(piece) for piece in pieces.entries]
    room = TAGS_PER_FEED - _tags(pieces.head) - _tags(pieces.tail)
    if sum(counts) <= room:
        return body
    most = sum(total <= room for total in accumulate(counts))
    if not most:
        raise TooComplexError
    return pieces.document(0, most)


def check_page(markup: bytes) -> None:
    """Raises TooComplexError where a page has more tags or attributes than can be read in two seconds."""
    check_attributes(markup)
    if markup.count(b"<") > TAGS_PER_PAGE and _tags(markup) > TAGS_PER_PAGE:
        raise TooComplexError
    if len(markup) <= _ATTRIBUTE_BYTES * ATTRIBUTES_PER_PAGE:
        return
    attributes = 0
    for tag in _ATTRIBUTES.finditer(markup):
        attributes += len(_ONE_ATTRIBUTE.findall(tag[1]))
        if attributes > ATTRIBUTES_PER_PAGE:
            raise TooComplexError


def check_attributes(markup: bytes) -> None:
    """Raises TooComplexError where a tag has more attributes than libxml2, whose time grows with their square, bears.

    Whoever means to slip through can (in UTF-7, say): it spares a process the work, which is limited there.
    """
    # In UTF-16 and UTF-32, what is ASCII stands between NULs.
    if _LADEN_TAG.search(markup.replace(b"\0", b"")):
        raise TooComplexError


def _tags(markup: bytes) -> int:
    return sum(bool(part[1]) for part in _TAG.finditer(markup))


def parse_document(body: bytes, *, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """What feedparser makes of a body and its HTTP headers, its HTML neither cleaned nor its links resolved.

    Raises TooComplexError, and whatever else feedparser lets escape: six kinds are known, and no contract names them.
    """
    kind, encoding = parse_content_type(headers.get("content-type", ""))
    stated = {} if may_decode(encoding) else {"content-type": f"{kind}; charset={NO_CODEC}"}
    document: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers={**headers, **stated}
    )
    return document
