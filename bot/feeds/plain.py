"""Reading plain documents quickly: what feedparser would make of them, where that is sure, and nothing otherwise.

feedparser is the parser of record. Most feeds use little of what it knows: well-formed XML without a DTD, the usual
elements of RSS and Atom, text in them and no markup. For such a document this module says what feedparser would say,
of the keys that ``bot.feeds.parse`` reads, several times faster. Whatever it does not know for sure (an element, an
attribute, a nesting, a namespace under a strange prefix) makes it give up, never guess: each rule here is one of
feedparser 6.0's own, and equality is held by test on captured, made and damaged feeds. Linear in the body's length.

::

    bytes --> is the encoding sure? --> expat's tree --> names --> walk --> feedparser's keys
                    any doubt, anywhere on the way --> None: feedparser reads it

This module must not decide what the fields mean, nor mend what feedparser would not.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError, iterparse

from feedparser.encodings import convert_to_utf8, parse_content_type

from bot.feeds.encodings import declared_encoding, may_decode
from bot.feeds.fields import one_line
from bot.feeds.plain_names import Names, NotPlainError
from bot.feeds.plain_values import base_of
from bot.feeds.plain_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Mapping

_UTF8: Final = frozenset({"utf-8", "utf8"})
_ASCII: Final = frozenset({"us-ascii", "iso-8859-1"})
_DECLARATION: Final = re.compile(rb"<\?xml[^>]*?>")
_OUR_DECLARATION: Final = b"<?xml version='1.0' encoding='utf-8'?>\n"
_BOM: Final = b"\xef\xbb\xbf"
_DECLARATION_BYTES: Final = 200  # what was said of 256 of them is remembered
_LEGACY_BYTES: Final = 1024 * 1024
_MOST_MARKS: Final = 120_000


@dataclass(frozen=True, slots=True)
class Document:
    """What feedparser made of a document (or would have), reduced to dictionaries of its own keys.

    ``fault`` says what was wrong with one that was read anyway.
    """

    version: str
    feed: Mapping[str, Any]
    entries: tuple[Mapping[str, Any], ...]
    fault: str | None


def read_plain(body: bytes, headers: Mapping[str, str]) -> Document | None:
    """The document, if it is plain; None if only feedparser can tell. ``headers`` as feedparser takes them."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or body.count(b"<") > _MOST_MARKS:
        return None
    try:
        data, fault = _in_utf8(body, headers)
        reading = iterparse(io.BytesIO(data), events=("start-ns",))  # noqa: S314 - as above: nothing can be expanded
        declared = [(prefix, uri) for _, (prefix, uri) in reading]
        root = reading.root  # type: ignore[attr-defined]
        walk = Walk(Names.of(declared), base_of(headers["content-location"]))
        version = walk.document(root, {uri.lower() for _, uri in declared})
    except (ParseError, NotPlainError):
        return None
    return Document(version, walk.feed, tuple(walk.entries), fault)


def _in_utf8(body: bytes, headers: Mapping[str, str]) -> tuple[bytes, str | None]:
    """The document as feedparser gives it to its XML parser, and its complaint about the encoding or the media type.

    Raises NotPlainError where what is said of the encoding does not hold, so that feedparser would guess.
    """
    text = body.removeprefix(_BOM)
    found = _DECLARATION.match(text)
    declaration = found[0] if found else b""
    line_end = text.find(b"\n")
    strange = text.find(b"encoding=", len(declaration), line_end if line_end >= 0 else len(text)) >= 0
    if strange or len(declaration) > _DECLARATION_BYTES:
        raise NotPlainError
    encoding = (declared_encoding(declaration) or b"").decode("ascii", "replace").lower()
    if encoding and encoding not in _UTF8:
        return _from_legacy(body, encoding, headers)
    try:
        text.decode()
    except UnicodeDecodeError:
        raise NotPlainError from None
    fault = _judged(headers.get("content-type"), declaration, is_ascii=text.isascii(), has_bom=len(text) < len(body))
    return _OUR_DECLARATION + text[len(declaration) :], fault


@lru_cache(maxsize=256)
def _judged(content_type: str | None, declaration: bytes, *, is_ascii: bool, has_bom: bool) -> str | None:
    """What feedparser says of a UTF-8 document's encoding and media type, asked with a small one like it."""
    stated = parse_content_type(content_type or "")[1].lower()
    sample = declaration + (b"<x/>" if is_ascii else b"<x>\xc3\xa9</x>")
    is_said = stated or content_type or declared_encoding(declaration) is not None
    if stated not in {"", *_UTF8} or not (is_ascii or is_said):
        raise NotPlainError
    result: dict[str, Any] = {}
    headers = {"content-location": "x"} | ({} if content_type is None else {"content-type": content_type})
    convert_to_utf8(headers, _BOM * has_bom + sample, result)
    if result["encoding"].lower() not in (_UTF8 | _ASCII if is_ascii else _UTF8):
        raise NotPlainError
    fault = result.get("bozo_exception")
    return None if fault is None else in_words(fault)


def _from_legacy(body: bytes, encoding: str, headers: Mapping[str, str]) -> tuple[bytes, str | None]:
    """As ``_in_utf8``, for a document that declares another encoding."""
    stated = parse_content_type(headers.get("content-type", ""))[1].lower()
    if stated not in {"", encoding} or len(body) > _LEGACY_BYTES or not may_decode(encoding):
        raise NotPlainError
    try:
        body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise NotPlainError from None
    result: dict[str, Any] = {}
    data = convert_to_utf8(headers, body, result)
    fault = result.get("bozo_exception")
    return data, None if fault is None else in_words(fault)


def in_words(fault: object) -> str:
    """A complaint of feedparser's, as it is kept."""
    return one_line(f"{type(fault).__name__}: {fault}", limit=200)
