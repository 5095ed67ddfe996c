"""The encodings that a document may say that its text is in. Bodies are strangers', and a name chooses what reads them.

Python knows codecs for domain names and for source code as well. They take seconds for a hundred kilobytes (their time
grows with the square of it), raise errors of their own or make halves of characters. Pure.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Final

NO_CODEC: Final = "x-no-encoding"
"""A name that no codec has, for one that must not be used: feedparser then tries the usual ones."""
_NAME_CHARS: Final = 40  # Python remembers every name that it was asked for and did not know
_TEXT: Final = re.compile(
    r"ascii|utf-(?:8|16|32)|iso(?:8859|2022)|cp\d|koi8|mac-|gb|hz|big5|euc_|shift_|johab|tis-|kz|ptcp|hp-"
)
_XML: Final = b"<?xml"
_BOM: Final = codecs.BOM_UTF8
_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OF_UTF8: Final = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_LOST: Final = "\ufffd"
_WHOLE_PER_LOST: Final = 4
"""Text of another encoding has more broken characters than whole ones, taken for UTF-8."""

_ASCII: Final = bytes(range(0x80))
_CYRILLIC_SMALL: Final = bytes(range(0xE0, 0x100))
_CYRILLIC_WORD: Final = re.compile(rb"[\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf-\xff]{3,}")
_MOST: Final = 0.6
"""Of what is not ASCII in a Cyrillic text, so much stands in words of it, and so much is small letters. Western words
hold few such letters in a row, and the halves of Korean and Chinese characters are of all sizes."""

_AS_BROWSERS: Final = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
}  # fmt: skip
"""Encodings that pages name and hold more than (encoding.spec.whatwg.org, 4.2)."""


def may_decode(name: str) -> bool:
    """Whether it is harmless to decode by that name: an encoding of texts has it, in any spelling, or none at all."""
    if len(name) > _NAME_CHARS:
        return False
    try:
        return bool(_TEXT.match(codecs.lookup(name).name))
    except LookupError:
        return True
    except ValueError:  # no name at all: it holds NUL, or half of a character
        return False


def declared_encoding(data: bytes) -> bytes | None:
    """What feedparser 6.0 takes for the encoding that a document declares, from its first line; None if it is silent.

    That is the last ``encoding=`` in quotes before the line's last ``?>``. Linear in the length of the line.
    """
    line = data.partition(b"\n")[0]
    inside = line[: max(line.rfind(b"?>"), 0)]
    last_quote = max(inside.rfind(b"'"), inside.rfind(b'"'), 0)
    start = max(line.rfind(b"encoding='", 2, last_quote), line.rfind(b'encoding="', 2, last_quote))
    if start < 0 or not line.startswith(b"<?"):
        return None
    return line[start + len(b"encoding='") :].replace(b"'", b'"').partition(b'"')[0]


def is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 to its last byte."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def mended(data: bytes, *, stated: str) -> bytes:
    """The document with what is plainly wrong about its encoding put right. ``stated`` is what the HTTP header says.

    What says in ASCII that it is UTF-16 is not, and what begins with UTF-16's mark is, whatever it says. And one
    character that was cut in half, as the last of a text that was cut off by bytes, is one lost character, and no
    reason to take all others for those of another encoding.
    """
    data = _not_wide(_from_wide(data) if stated.lower() in _OF_UTF8 else data)
    declared = (declared_encoding(data.removeprefix(_BOM)) or b"").decode("ascii", "replace")
    if not {declared.lower(), stated.lower()} <= _OF_UTF8:
        return data
    if not is_utf8(data):
        text = data.decode("utf-8", "replace")
        lost = text.count(_LOST) - data.count(_LOST.encode())
        whole = len(text) - len(text.encode("ascii", "ignore")) - lost
        return text.encode() if lost * _WHOLE_PER_LOST <= whole else data
    return data


def mended_cyrillic(data: bytes, *, stated: str) -> bytes:
    """As UTF-8, if it says that it is (or nothing), and is Windows-1251: feedparser takes all such for Windows-1252.

    ``stated`` is what the HTTP header says. Not for pages, which may say in their own way what they are in.
    """
    declared = (declared_encoding(data) or b"").decode("ascii", "replace")
    if not {declared.lower(), stated.lower()} <= _OF_UTF8 or is_utf8(data):
        return data
    beyond = data.translate(None, _ASCII)
    small = len(beyond) - len(beyond.translate(None, _CYRILLIC_SMALL))
    in_words = len(data) - len(_CYRILLIC_WORD.sub(b"", data))
    is_cyrillic = min(small, in_words) >= _MOST * len(beyond)
    return data.decode("cp1251", "replace").encode() if is_cyrillic else data


def page_in_utf8(data: bytes, *, stated: str) -> bytes:
    """A web page in UTF-8, if it is that or the HTTP header says what it is in; else as it came, to be guessed at.

    What is right as UTF-8 is that, whatever the header of a whole server says (HTML 13.2.3.2 would believe the header).
    """
    data = mended(data, stated="")
    name = _AS_BROWSERS.get(stated.lower(), stated)
    if not is_utf8(data) and name.lower() not in _OF_UTF8 and may_decode(name):
        with suppress(LookupError):
            return data.decode(name, "replace").encode("utf-8", "replace")
    return data


def _from_wide(data: bytes) -> bytes:
    """As UTF-8, if its mark says that it is UTF-16."""
    if not data.startswith(_WIDE_MARKS) or data[2:4] == b"\0\0":  # that is UTF-32's
        return data
    try:
        return data.decode("utf-16").encode()
    except UnicodeDecodeError:
        return data


def _not_wide(data: bytes) -> bytes:
    """As UTF-8, if it declares two or four bytes a character and is written in one."""
    declared = declared_encoding(data.removeprefix(_BOM)) if data.removeprefix(_BOM).startswith(_XML) else None
    if declared is None or len(declared) > _NAME_CHARS:
        return data
    try:
        codec = codecs.lookup(declared.decode("ascii")).name
    except (LookupError, ValueError):
        return data
    return data.replace(declared, b"utf-8", 1) if codec.startswith(("utf-16", "utf-32")) else data
