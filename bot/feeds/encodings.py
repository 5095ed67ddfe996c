"""The encodings that a document may say that its text is in. Bodies are strangers', and a name chooses what reads them.

Python knows codecs for domain names and for source code as well. They take seconds for a hundred kilobytes (their time
grows with the square of it), raise errors of their own or make halves of characters. Pure; decodes nothing.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

NO_CODEC: Final = "x-no-encoding"
"""A name that no codec has, for one that must not be used: feedparser then tries the usual ones."""
_NAME_CHARS: Final = 40  # Python remembers every name that it was asked for and did not know
_TEXT: Final = re.compile(
    r"ascii|utf-(?:8|16|32)|iso(?:8859|2022)|cp\d|koi8|mac-|gb|hz|big5|euc_|shift_|johab|tis-|kz|ptcp|hp-"
)


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
