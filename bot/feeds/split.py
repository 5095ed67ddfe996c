"""Cutting a feed's bytes into what stands before its entries, the entries, and what stands after them.

This is done without parsing, so it works on documents that no parser takes. Pure, and linear in the body's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

START: Final = re.compile(rb"<(?:[a-zA-Z0-9]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
END: Final = re.compile(rb"</(?:[a-zA-Z0-9]+:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Split:
    """A document in pieces: ``head``, the ``entries`` (each with the white space before it), and ``tail``."""

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes

    def document(self, start: int, end: int) -> bytes:
        """The document with only the entries from ``start`` up to ``end``, as well-formed as it was."""
        return b"".join((self.head, *self.entries[start:end], self.tail))


def split_feed(body: bytes) -> Split:
    """Cut a feed in an encoding that agrees with ASCII; any other body comes back as a head without entries."""
    start = START.search(body)
    ends = [match.end() for match in END.finditer(body, start.end())] if start else []
    if start is None or not ends:
        return Split(body, (), b"")
    starts = [start.start(), *ends[:-1]]
    entries = tuple(body[begin:end] for begin, end in zip(starts, ends, strict=True))
    return Split(body[: start.start()], entries, body[ends[-1] :])
