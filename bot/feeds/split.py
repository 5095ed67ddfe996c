"""Cutting a feed's bytes into what stands before its entries, the entries, and what stands after them.

This is done without parsing, so it works on documents that no parser takes. Pure, and linear in the body's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

START: Final = re.compile(rb"<(?:[a-zA-Z0-9]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
END: Final = re.compile(rb"</(?:[a-zA-Z0-9]+:)?(?:item|entry)\s*>", re.IGNORECASE)

_ROOT: Final = re.compile(rb"<!--.*?-->|<((?:[a-z0-9]+:)?(?:rss|feed|rdf|channel))[\s>]", re.IGNORECASE | re.DOTALL)
_TAIL_BYTES: Final = 4096
_HEAD_BYTES: Final = 4096


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


def is_cut(body: bytes) -> bool:
    """Whether a feed ends before its first element does: what stood behind was lost on the way."""
    head = _plain(body[:_HEAD_BYTES])
    root = next((found[1] for found in _ROOT.finditer(head) if found[1]), None)
    # Nearly always the very end says it all; a body may be many megabytes, and is asked on the event loop.
    return root is not None and all(_lacks_end(_plain(text), root) for text in (body[-_TAIL_BYTES:], body))


def _plain(body: bytes) -> bytes:
    """In UTF-16 and UTF-32, what is ASCII stands between NULs."""
    return body.replace(b"\0", b"").lower()


def _lacks_end(text: bytes, root: bytes) -> bool:
    last_entry = max(text.rfind(b"<item"), text.rfind(b"<entry"))
    return text.find(b"</" + root, max(last_entry, 0)) < 0
