"""Between two polls most of a document stays as it was: what to remember of it, and what of the next one is new.

::

    same bytes ----------------------------------------> nothing to do
    some pieces unknown, and the cut is provably clean --> a reduced document: the head, the new pieces, the tail
    anything else -------------------------------------> the whole document

The parser of record reads the reduced document as it would the whole, and what it gives for the new entries must be the
same. That holds only for documents that are cut between entries and nowhere else, whose text is UTF-8, in which no
element around the entries changed, in which no entry shares a name with another, and none declares a namespace that
could change how another is read; any doubt means the whole. Pure.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from feedparser.encodings import parse_content_type

from bot import limits
from bot.feeds.encodings import declared_encoding
from bot.feeds.identity import entry_keys
from bot.feeds.plain_names import prefix_of
from bot.feeds.split import END, START, split_feed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.feeds.parse import ParsedFeed
    from bot.feeds.split import Split
    from bot.model import ParsedEntry

_FORMAT: Final = 1
_HASH_BYTES: Final = 8
_NAMES: Final = 3
_NAME_BYTES: Final = 4
_HEAD: Final = struct.Struct(f">B{_HASH_BYTES}s{_HASH_BYTES}sBII")
_PIECE: Final = struct.Struct(f">{_HASH_BYTES}s{_NAMES * _NAME_BYTES}sq")
_NO_DATE: Final = -(1 << 62)
# What is never closed is taken to the end, and so looked through once: strangers send thousands of openings.
_OPAQUE: Final = re.compile(rb"<(?:!\[CDATA\[.*?\]\]>|!--.*?-->|\?.*?\?>|(?:!\[CDATA\[|!--|\?).*)", re.DOTALL)
_TAG: Final = re.compile(rb"<[^>]*(?:>|\Z)")
# What every entry takes over: the document's title and language. One that is never closed is taken to the end.
_TAKEN_OVER: Final = re.compile(
    rb"<(?:[\w.-]+:)?(?:title|language)\b[^>]*(?:>.*?(?:</(?:[\w.-]+:)?(?:title|language)\s*>|\Z)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
# What RSS 1.0 lists in its head, each entry's address: of no entry's making, and another list each time.
_LISTED: Final = re.compile(rb"""<rdf:li\s+(?:rdf:)?resource\s*=\s*(?:"[^">]*"|'[^'>]*')\s*/>""")
# It matches wherever the word stands, so that no name is looked through twice; what has no value declares nothing.
_NAMESPACE: Final = re.compile(rb"""xmlns(?::([^\s=<>"'/]+))?(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""")
_MARKUP: Final = frozenset(
    {b"http://www.w3.org/1999/xhtml", b"http://www.w3.org/2000/svg", b"http://www.w3.org/1998/Math/MathML"}
)
_BOM: Final = b"\xef\xbb\xbf"
_BETWEEN: Final = b" \t\r\n"
_UTF8: Final = frozenset({"utf-8", "utf8"})
_ASCII: Final = frozenset({"us-ascii", "ascii"})
# Faults of the HTTP header alone: the document was read strictly, and a part of it is read in the same way.
_OF_THE_HEADER: Final = ("CharacterEncodingOverride:", "NonXMLContentType:")
_NOT_CUT: Final = b""
_NO_CHARACTER: Final = b"\0"  # of XML: a document that holds it has a fault


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the document: a digest of its bytes, of each of its names, and its date in whole seconds."""

    digest: bytes
    names: frozenset[bytes]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a document. An empty ``frame`` says that its next version is read whole.

    ``body`` is a digest of all bytes, ``frame`` one of the tags around the entries; ``reductions`` counts the polls
    since the last whole reading; ``footers`` are the lines that ended most of its entries then, ``ttl_s`` is what it
    said of itself.
    """

    body: bytes
    frame: bytes = _NOT_CUT
    pieces: tuple[Piece, ...] = ()
    reductions: int = 0
    footers: frozenset[str] = frozenset()
    ttl_s: int | None = None

    @property
    def dates(self) -> tuple[datetime, ...]:
        """When the document's entries were published, where they say so."""
        return tuple(piece.at for piece in self.pieces if piece.at is not None)


@dataclass(frozen=True, slots=True)
class Reduced:
    """A document with its new entries alone. ``positions`` are theirs in the whole; ``kept`` what stands elsewhere."""

    document: bytes
    positions: tuple[int, ...]
    kept: tuple[Piece | None, ...]
    digests: tuple[bytes, ...]
    before: Remembered


def digest(data: bytes) -> bytes:
    """Eight bytes: a feed that makes two of its own documents collide misleads nobody but its readers."""
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).digest()


def _trace(piece: bytes) -> bytes:
    """An entry's digest. The space before it is not its own: what came first has none until another comes before it."""
    return digest(piece.lstrip(_BETWEEN))


def pack(remembered: Remembered) -> bytes:
    """About 28 bytes an entry."""
    footers = json.dumps(sorted(remembered.footers), ensure_ascii=False).encode("utf-8", "replace")
    ttl_s = min(remembered.ttl_s or 0, 0xFFFFFFFF)
    head = _HEAD.pack(_FORMAT, remembered.body, remembered.frame, remembered.reductions, ttl_s, len(footers))
    return head + footers + b"".join(map(_pack_piece, remembered.pieces))


def unpack(data: bytes | None) -> Remembered | None:
    """What was packed; None for nothing, and for what another version of this program wrote."""
    if not data or len(data) < _HEAD.size or data[0] != _FORMAT:
        return None
    _, body, frame, reductions, ttl_s, footer_bytes = _HEAD.unpack_from(data)
    start = _HEAD.size + footer_bytes
    footers = frozenset(json.loads(data[_HEAD.size : start]))
    pieces = tuple(_piece_of(*row) for row in _PIECE.iter_unpack(data[start:]))
    return Remembered(body, frame.strip(b"\0") and frame, pieces, reductions, footers, ttl_s or None)


def reduced(body: bytes, *, content_type: str, before: Remembered) -> Reduced | None:
    """The document without the entries that are known; None where only the whole document is sure to be read right."""
    if not before.frame or before.reductions >= limits.REDUCTIONS:
        return None
    pieces = split_feed(body)
    known = {piece.digest: piece for piece in before.pieces}
    digests = tuple(map(_trace, pieces.entries))
    kept = tuple(known.get(each) for each in digests)
    positions = tuple(position for position, piece in enumerate(kept) if piece is None)
    # Pieces that are known were found to be whole elements when they were new.
    unknown = [pieces.entries[position] for position in positions]
    if len(set(digests)) != len(digests) or _frame(body, pieces, content_type, unknown=unknown) != before.frame:
        return None
    document = b"".join((pieces.head, *unknown, pieces.tail))
    return Reduced(document, positions, kept, digests, before)


def joined(cut: Reduced, feed: ParsedFeed, *, body: bytes, feed_id: int) -> Remembered | None:
    """What to remember after the reduced document was read as ``feed``; None where that must be doubted.

    It must when the reading found a fault or another number of entries, and when a new entry shares a name with one
    that was left out, for then the whole document would have told them apart.
    """
    if not _is_well_formed(feed) or len(feed.entries) != len(cut.positions):
        return None
    fresh = _pieces(feed.entries, [cut.digests[position] for position in cut.positions], feed_id)
    if fresh is None:
        return None
    names = {name for piece in cut.kept if piece is not None for name in piece.names}
    if any(piece.names & names for piece in fresh):
        return None
    coming = iter(fresh)
    pieces = tuple(piece if piece is not None else next(coming) for piece in cut.kept)
    return replace(cut.before, body=digest(body), pieces=pieces, reductions=cut.before.reductions + 1)


def remembered(
    body: bytes, feed: ParsedFeed, *, content_type: str, feed_id: int, footers: frozenset[str]
) -> Remembered:
    """What to remember of a document that was read whole."""
    plain = Remembered(digest(body), footers=footers, ttl_s=feed.ttl_s)
    if not _is_well_formed(feed) or feed.told_apart:
        return plain
    pieces = split_feed(body)
    frame = _frame(body, pieces, content_type, unknown=pieces.entries)
    if not frame or len(pieces.entries) != len(feed.entries):
        return plain
    traced = _pieces(feed.entries, [_trace(entry) for entry in pieces.entries], feed_id)
    return plain if traced is None else replace(plain, frame=frame, pieces=traced)


def _pieces(entries: Sequence[ParsedEntry], digests: Sequence[bytes], feed_id: int) -> tuple[Piece, ...] | None:
    """The pieces of entries of one document; None if two of them share a name, or all their bytes."""
    if len(set(digests)) != len(digests):
        return None
    names = [entry_keys(entry, feed_id=feed_id) for entry in entries]
    if len({name for own in names for name in own}) != sum(map(len, names)):
        return None
    return tuple(
        Piece(each, frozenset(map(_name, own)), _whole_second(entry.published_at))
        for each, own, entry in zip(digests, names, entries, strict=True)
    )


def _frame(body: bytes, pieces: Split, content_type: str, *, unknown: Sequence[bytes]) -> bytes:
    """A digest of every tag that is not an entry's; empty where the cut is not provably between entries.

    ``unknown`` are the pieces that have yet to be looked at.
    """
    if not 0 < len(pieces.entries) <= limits.ENTRIES_PER_FEED or not _is_utf8(body, content_type):
        return _NOT_CUT
    if not (_is_whole(pieces.head, entries=0) and _is_whole(pieces.tail, entries=0)):
        return _NOT_CUT
    if not all(START.match(piece.lstrip(_BETWEEN)) and _is_whole(piece, entries=1) for piece in unknown):
        return _NOT_CUT
    around = _namespaces(pieces.head)
    if not all(_is_harmless(*each, around=around) for piece in unknown for each in _declared(piece)):
        return _NOT_CUT
    parts = (found for part in (pieces.head, pieces.tail) for found in (*_outline(part), b"\0"))
    return digest(b"\0".join([*parts, content_type.encode()]))


def _outline(part: bytes) -> list[bytes]:
    """What of the head or tail bears on entries: all tags but a list of them, and the texts that they take over."""
    tags = [tag for tag in _TAG.findall(part) if not _LISTED.fullmatch(tag)]
    return [*tags, b"\0", *_TAKEN_OVER.findall(part)]


def _declared(piece: bytes) -> list[tuple[bytes, bytes]]:
    """The prefixes and addresses of the namespaces that a piece may declare; the default one's prefix is empty."""
    if b"xmlns" not in piece:
        return []
    found = _NAMESPACE.finditer(_OPAQUE.sub(b"", piece))
    return [(each[1] or b"", each[2] or each[3]) for each in found if each[2] or each[3]]


def _namespaces(head: bytes) -> Mapping[bytes, bytes]:
    """What prefixes mean around the entries; one that means two things means nothing that can be relied on."""
    meant: dict[bytes, bytes] = {}
    for prefix, uri in _declared(head):
        meant[prefix] = uri if meant.get(prefix, uri) == uri else b""
    return meant


def _is_harmless(prefix: bytes, uri: bytes, *, around: Mapping[bytes, bytes]) -> bool:
    """Whether a namespace that one entry declares changes nothing for another.

    feedparser never forgets what a prefix meant. It is nothing new if it means the same around the entries, or what it
    means to feedparser anyway; and a default namespace of markup names no element of a feed.
    """
    if not prefix and uri in _MARKUP:
        return True
    if not prefix or prefix in around:
        return around.get(prefix) == uri
    return prefix_of(uri.decode("utf-8", "replace")) == prefix.decode("utf-8", "replace")


def _is_whole(piece: bytes, *, entries: int) -> bool:
    """Whether a piece opens and closes so many entries, and nothing of them in text, comments or instructions."""
    bare = _OPAQUE.sub(b"", piece + _NO_CHARACTER)
    if not bare.endswith(_NO_CHARACTER):
        return False
    return len(START.findall(piece)) == len(START.findall(bare)) == len(END.findall(bare)) == entries


def _is_well_formed(feed: ParsedFeed) -> bool:
    return feed.bozo is None or feed.bozo.startswith(_OF_THE_HEADER)


def _is_utf8(body: bytes, content_type: str) -> bool:
    """Whether the text is UTF-8 and feedparser is sure to read it, and any part of it, as that."""
    text = body.removeprefix(_BOM)
    declaration = text[: text.find(b"?>") + 2] if text.startswith(b"<?") else b""
    later = text.find(b"encoding=", len(declaration))
    # feedparser looks for the encoding in all of the first line, which need not be the same in a part.
    if later >= 0 and text.find(b"?>", later) >= 0:
        return False
    declared = (declared_encoding(declaration) or b"").decode("ascii", "replace").lower()
    kind, stated = parse_content_type(content_type)
    if not {declared, stated.lower()} <= {"", *_UTF8, *_ASCII}:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    if body.isascii() or declared in _UTF8:
        return True
    # Unless the header says it, text of other media types is ASCII, and without a type ISO 8859-1 (RFC 2616, RFC 3023).
    is_ascii = not kind or kind.startswith("text/")
    return not declared and (stated.lower() in _UTF8 or not (stated or is_ascii))


def _name(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=_NAME_BYTES).digest()


def _whole_second(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(microsecond=0)


def _pack_piece(piece: Piece) -> bytes:
    at = _NO_DATE if piece.at is None else int(piece.at.timestamp())
    return _PIECE.pack(piece.digest, b"".join(sorted(piece.names)).ljust(_NAMES * _NAME_BYTES, b"\0"), at)


def _piece_of(own: bytes, names: bytes, at: int) -> Piece:
    parts = (names[start : start + _NAME_BYTES] for start in range(0, len(names), _NAME_BYTES))
    moment = None if at == _NO_DATE else datetime.fromtimestamp(at, UTC)
    return Piece(own, frozenset(part for part in parts if part != b"\0" * _NAME_BYTES), moment)
