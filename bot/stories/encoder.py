"""The port to a sentence encoder: what is read of an entry, and how a vector is kept.

Knows no encoder and loads none: the edge does, and gives the story code bytes. No vector (``b""``) is always right: the
story code then compares words, concepts and numbers alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Entry

READ_CHARS: Final = 300
"""A title and the lead: what an entry is about. More makes entries of one topic all alike, and costs time."""
STEPS: Final = 127
"""Whole steps of a byte on either side of zero: a cosine changes by less than .005."""


class Encoder(Protocol):
    """Turns words of any language into a vector, such that what means the same lies close together."""

    def vector(self, text: str) -> bytes:
        """The vector of a text, one signed byte a dimension; ``b""`` where there is none. Never raises."""
        ...


def encoded_text(entry: Entry) -> str:
    """What is encoded of an entry: its title and its lead."""
    return f"{entry.title}\n{entry.text}"[: max(READ_CHARS, len(entry.title))].strip()


def quantise(values: Sequence[float]) -> bytes:
    """A vector as signed bytes, its largest value at full scale: only its direction is kept."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second and 12 MB, for who has vectors

    array = np.asarray(values, dtype=np.float32)
    largest = float(np.abs(array).max(initial=0.0))
    if not largest:
        return b""
    return bytes(np.rint(array * (STEPS / largest)).astype(np.int8).data)
