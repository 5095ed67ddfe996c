"""Undoing what an HTTP answer was packed with (RFC 9110, 8.4), piece by piece. Pure; caps are the caller's.

aiohttp's own knows no x-gzip, which is gzip by another name, and takes the zero bytes with which some servers fill up
what they packed for more of it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

UNPACKED: Final = "gzip, deflate"
"""What may be asked for, as Accept-Encoding has it."""

_GZIP: Final = frozenset({"gzip", "x-gzip"})
_DEFLATE: Final = "deflate"
_UNREADABLE: Final = frozenset({"br", "zstd"})
_GZIP_BITS: Final = 16 + zlib.MAX_WBITS
_PIECE_BYTES: Final = 64 * 1024
_MOST_MEMBERS: Final = 1000  # each copies what follows it; real answers have one, some of them a few


class Unpacker:
    """Unpacks one body. ``coding`` is its Content-Encoding; one that is none of these is of no packing ("utf-8")."""

    def __init__(self, coding: str) -> None:
        self._coding = coding.strip().lower()
        self._stream = zlib.decompressobj(_GZIP_BITS)
        self._members = 0

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes of the body hold, in pieces of bounded length. Raises zlib.error if they are damaged."""
        if self._coding in _UNREADABLE:
            raise zlib.error(self._coding)
        if self._coding not in _GZIP and self._coding != _DEFLATE:
            yield data
            return
        while data := self._at_a_member(data):
            piece = self._stream.decompress(data, _PIECE_BYTES)
            while piece:
                yield piece
                rest = self._stream.unconsumed_tail
                piece = b"" if self._stream.eof else self._stream.decompress(rest, _PIECE_BYTES)
            data = self._stream.unused_data

    def end(self) -> None:
        """Raises zlib.error for a body of "deflate" that ended early; of one of gzip, what came of it counts."""
        if self._coding == _DEFLATE and self._members and not self._stream.eof:
            raise zlib.error(self._coding)

    def _at_a_member(self, data: bytes) -> bytes:
        """The bytes, past what fills up after a member; where one begins, there is something to unpack it."""
        if self._members and not self._stream.eof:
            return data
        data = data.lstrip(b"\0") if self._members else data
        if data:
            self._members += 1
            if self._members > _MOST_MEMBERS:
                raise zlib.error(self._coding)
            # Servers send "deflate" with zlib's head, as they should, and without.
            has_head = data[0] & 0xF == zlib.DEFLATED
            self._stream = zlib.decompressobj(
                _GZIP_BITS if self._coding != _DEFLATE else zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS
            )
        return data
