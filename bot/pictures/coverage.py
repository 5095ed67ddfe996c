"""Which characters a font file has, read from its ``cmap`` table. Pure; draws nothing.

Pillow draws a box for what a font lacks and never says so. The table's formats 4 and 12 (OpenType specification, the
chapter "cmap") are what every font for a desktop has.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_WHOLE_UNICODE: Final = 12
_BASIC_PLANE: Final = 4
_UNICODE_PLATFORMS: Final = frozenset({(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)})
_LAST_BASIC: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points that a font draws, as ascending ranges: ``starts[i]`` to ``ends[i]``, both inclusive."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def __contains__(self, char: str) -> bool:
        place = bisect_right(self.starts, ord(char)) - 1
        return place >= 0 and ord(char) <= self.ends[place]


def read_coverage(path: Path, *, face: int = 0) -> Coverage:
    """The coverage of a TrueType or OpenType font, or of one face of a collection; empty for what is no such file."""
    try:
        with path.open("rb") as file:
            file.seek(_face_offset(file.read(12 + 4 * (face + 1)), face))
            header = file.read(12)
            count = struct.unpack_from(">H", header, 4)[0]
            tables = file.read(16 * count)
            for at in range(0, 16 * count, 16):
                tag, _, offset, length = struct.unpack_from(">4sLLL", tables, at)
                if tag == b"cmap":
                    file.seek(offset)
                    return _of_table(file.read(length))
    except (OSError, struct.error, IndexError):
        pass
    return Coverage()


def _face_offset(head: bytes, face: int) -> int:
    if head[:4] != b"ttcf":
        return 0
    return int(struct.unpack_from(">L", head, 12 + 4 * face)[0])


def _of_table(cmap: bytes) -> Coverage:
    """The larger of the table's Unicode mappings."""
    count = struct.unpack_from(">H", cmap, 2)[0]
    best = Coverage()
    for place in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * place)
        if (platform, encoding) not in _UNICODE_PLATFORMS:
            continue
        form = struct.unpack_from(">H", cmap, offset)[0]
        if form == _WHOLE_UNICODE:
            return _whole(cmap, offset)
        if form == _BASIC_PLANE:
            best = _basic(cmap, offset)
    return best


def _whole(cmap: bytes, offset: int) -> Coverage:
    count = struct.unpack_from(">L", cmap, offset + 12)[0]
    groups = list(struct.iter_unpack(">LLL", cmap[offset + 16 : offset + 16 + 12 * count]))
    return Coverage(tuple(group[0] for group in groups), tuple(group[1] for group in groups))


def _basic(cmap: bytes, offset: int) -> Coverage:
    """Format 4: segments whose glyphs are computed, or looked up, where glyph 0 is "missing"."""
    segments = struct.unpack_from(">H", cmap, offset + 6)[0] // 2
    at = offset + 14
    ends = struct.unpack_from(f">{segments}H", cmap, at)
    starts = struct.unpack_from(f">{segments}H", cmap, at + 2 * segments + 2)
    offsets_at = at + 6 * segments + 2
    offsets = struct.unpack_from(f">{segments}H", cmap, offsets_at)
    found: list[tuple[int, int]] = []
    for place, (start, end, shift) in enumerate(zip(starts, ends, offsets, strict=True)):
        if start == _LAST_BASIC:
            continue
        if shift == 0:
            found.append((start, end))
            continue
        glyphs = struct.unpack_from(f">{end - start + 1}H", cmap, offsets_at + 2 * place + shift)
        found += [(start + step, start + step) for step, glyph in enumerate(glyphs) if glyph]
    return Coverage(tuple(start for start, _ in found), tuple(end for _, end in found))
