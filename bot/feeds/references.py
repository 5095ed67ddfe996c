"""Numeric references that no reader takes: ``&#55357;&#56832;`` for one character, ``&#x110000;`` for none.

Programs that count a text in UTF-16 write an emoji as its two halves. XML has no such characters, so that a parser
ends there, and feedparser raises on them: the entry would be lost. Pure, and linear in the document's length.
"""

from __future__ import annotations

import re
from typing import Final

_HIGH: Final = rb"(?:[xX]0*+([dD][89abAB][0-9a-fA-F]{2})|0*+(5[56]\d{3}));"
_LOW: Final = rb"(?:[xX]0*+([dD][c-fC-F][0-9a-fA-F]{2})|0*+(5[67]\d{3}));"
_PAIR: Final = re.compile(rb"&((?:amp;)?)#" + _HIGH + rb"&(?:amp;)?#" + _LOW)
# A half, or beyond the last character: six digits of base 16 that are none of the last plane's, seven of base 10, more.
_NONE: Final = re.compile(
    rb"&((?:amp;)?)#(?:[xX]0*+([dD][89a-fA-F][0-9a-fA-F]{2}|[1-9a-fA-F][0-9a-fA-F]{5,})|0*+(5[5-7]\d{3}|[1-9]\d{6,}));"
)
_LAST: Final = 0x10FFFF
_LAST_DIGITS: Final = 8
_HALVES: Final = range(0xD800, 0xE000)
_HIGH_HALVES: Final = range(0xD800, 0xDC00)
_LOW_HALVES: Final = range(0xDC00, 0xE000)
_LOST: Final = 0xFFFD
_MOST: Final = 100_000  # a third of a second; no feed has so many


def mended_references(data: bytes) -> bytes:
    """The document with two halves as the character that they make, and what is none as U+FFFD, references still.

    So also where it was escaped once more (``&amp;#55357;``), and in CDATA, where it is HTML's.
    """
    return _NONE.sub(_some, _PAIR.sub(_joined, data, count=_MOST), count=_MOST)


def _joined(pair: re.Match[bytes]) -> bytes:
    high, low = _number(pair[2], pair[3]), _number(pair[4], pair[5])
    if high not in _HIGH_HALVES or low not in _LOW_HALVES:
        return pair[0]
    return _written(pair[1], 0x10000 + (high - _HIGH_HALVES.start) * 0x400 + low - _LOW_HALVES.start)


def _some(found: re.Match[bytes]) -> bytes:
    number = _number(found[2], found[3])
    return _written(found[1], _LOST) if number in _HALVES or number > _LAST else found[0]


def _number(base_16: bytes | None, base_10: bytes | None) -> int:
    """The number; one of more digits than any character's needs is only said to be too large."""
    digits = base_16 or base_10 or b""
    return int(digits, 16 if base_16 else 10) if len(digits) <= _LAST_DIGITS else _LAST + 1


def _written(again: bytes, number: int) -> bytes:
    return b"&%b#%d;" % (again, number)
