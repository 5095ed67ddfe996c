"""A message as clean lines, and how to make them fit: what all renderers share.

Pure. Lengths are counted by a ``Cost``, since Telegram counts UTF-16 units and Slack characters. This module knows no
platform's markup; it makes sure that a line is one line and that nothing in it can break the layout.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.chats.message import BlockKind, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.message import Message

Cost = Callable[[str], int]
"""What a text counts for. Must be additive: the cost of a text is the sum of its characters' costs."""

ELLIPSIS: Final = "…"
LINE_OVERHEAD: Final = 4
"""What a line costs beside its text: the break before it (two at most) and a bullet with its space."""

_JOINERS: Final = "\u200c\u200d"  # Persian and Indic spelling and composed emoji need these two
_COMBINING_RUN: Final = 4  # real writing stays below; towers of marks do not
_SENTENCE_ENDS: Final = ".!?…"
_WIDE_SENTENCE_ENDS: Final = "。！？"
_URL_ESCAPES: Final = str.maketrans({char: f"%{ord(char):02X}" for char in ' <>"`|\\^{}'})
_LINE_FLOOR: Final = 120  # no line is cut shorter than this while another can give way
_PROSE: Final = frozenset({BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.NOTE, BlockKind.CODE})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message: item of block number ``block``. Its spans are clean and hold no line breaks."""

    kind: BlockKind
    block: int
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(span.text for span in self.spans)


def utf16_units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """``text`` as one line that is safe to show.

    Line breaks and tabs become spaces; control characters, escape codes, bidirectional overrides and invisible format
    characters vanish (joiners stay, languages need them); lone surrogates become U+FFFD; towers of combining marks
    are capped.
    """
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char in "\t\n\r\v\f" or category in ("Zl", "Zp", "Zs"):
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif marks <= _COMBINING_RUN and (category not in ("Cc", "Cf") or char in _JOINERS):
            kept.append(char)
    return "".join(kept)


def safe_url(url: str | None) -> str | None:
    """``url`` if it is a whole http(s) address with a host, else None.

    Characters that may not stand in an address, and that markup might take for its own, are percent-encoded.
    """
    if not url or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url.strip().translate(_URL_ESCAPES) if parts.scheme in ("http", "https") and host else None


def lines_of(message: Message) -> tuple[Line, ...]:
    """The message's lines, cleaned; lines with nothing to show are left out (but for blank lines within code)."""
    lines: list[Line] = []
    for number, block in enumerate(message.blocks):
        for item in block.items:
            spans = tuple(
                replace(span, text=clean(span.text), url=safe_url(span.url)) for span in item if clean(span.text)
            )
            if block.kind is not BlockKind.CODE:
                spans = _strip(spans)
            if spans or block.kind is BlockKind.CODE:
                lines.append(Line(block.kind, number, spans))
    return tuple(lines)


def trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without blank ones (of code) at either end, which a platform would trim by itself."""
    shown = [number for number, line in enumerate(lines) if line.text.strip()]
    return tuple(lines[shown[0] : shown[-1] + 1]) if shown else ()


def gap(before: Line, after: Line) -> str:
    """The line breaks between two lines: items of a block, a label and its list or quotes, small print keep close."""
    close = (
        before.block == after.block
        or (before.kind is BlockKind.PARAGRAPH and after.kind in (BlockKind.BULLETS, BlockKind.QUOTE))
        or (before.kind is BlockKind.QUOTE and after.kind is BlockKind.QUOTE)
        or (before.kind is BlockKind.HEADING and after.kind is BlockKind.NOTE)
        or (before.kind is BlockKind.NOTE and after.kind is BlockKind.NOTE)
    )
    return "\n" if close else "\n\n"


def fit(lines: Sequence[Line], *, budget: int, cost: Cost) -> tuple[Line, ...]:
    """The lines cut so that they cost at most ``budget``; each cut is marked with an ellipsis.

    The longest prose gives way first, at a sentence or word limit, so that the headline and the links below a long
    summary stay; only when that is not enough do whole lines go, from the end.
    """
    fitted = [cut(line, budget, cost) for line in lines]
    sizes = [cost(line.text) + LINE_OVERHEAD for line in fitted]
    for kinds in (_PROSE, frozenset(BlockKind)):
        while (excess := sum(sizes) - budget) > 0:
            size, number = max(((sizes[n], -n) for n, line in enumerate(fitted) if line.kind in kinds), default=(0, 0))
            if size <= _LINE_FLOOR:
                break
            fitted[-number] = cut(fitted[-number], max(_LINE_FLOOR, size - excess) - LINE_OVERHEAD, cost)
            sizes[-number] = cost(fitted[-number].text) + LINE_OVERHEAD
    if sum(sizes) <= budget:
        return tuple(fitted)
    room = budget - LINE_OVERHEAD - cost(ELLIPSIS)
    while fitted and sum(sizes[: len(fitted)]) > room:
        fitted.pop()
    return (*fitted, Line(BlockKind.PARAGRAPH, -1, (Span(ELLIPSIS),)))


def split(lines: Sequence[Line], *, budget: int, cost: Cost) -> tuple[tuple[Line, ...], ...]:
    """The lines in parts that cost at most ``budget`` each; nothing is lost. A line longer than a part is divided."""
    parts: list[list[Line]] = []
    used = budget
    for line in lines:
        for piece in _divide(line, budget - LINE_OVERHEAD, cost):
            size = cost(piece.text) + LINE_OVERHEAD
            if used + size > budget:
                parts.append([])
                used = 0
            parts[-1].append(piece)
            used += size
    return tuple(tuple(part) for part in parts)


def cut(line: Line, limit: int, cost: Cost) -> Line:
    """The line if it costs at most ``limit``, else its beginning up to a sentence or word limit, and an ellipsis."""
    if cost(line.text) <= limit:
        return line
    at = _break_before(line.text, limit - cost(ELLIPSIS) - cost(" "), cost)
    kept = _strip(_head(line.spans, at))
    mark = f" {ELLIPSIS}" if kept and kept[-1].text[-1] in _SENTENCE_ENDS + _WIDE_SENTENCE_ENDS else ELLIPSIS
    return replace(line, spans=(*kept, Span(mark)))


def cut_text(text: str, limit: int, cost: Cost = len) -> str:
    """``text``, cleaned, as ``cut`` would have it: for labels."""
    return cut(Line(BlockKind.PARAGRAPH, 0, (Span(clean(text).strip()),)), limit, cost).text


def _divide(line: Line, limit: int, cost: Cost) -> tuple[Line, ...]:
    pieces: list[Line] = []
    rest = line.spans
    while cost(text := "".join(span.text for span in rest)) > limit:
        at = _break_before(text, limit, cost)
        pieces.append(replace(line, spans=_strip(_head(rest, at))))
        rest = _strip(_tail(rest, at))
    return (*pieces, replace(line, spans=rest))


def _break_before(text: str, limit: int, cost: Cost) -> int:
    """Where to break: the last sentence end, else the last space, in the second half of what fits; else all of it."""
    most = 0
    spent = 0
    for char in text:
        spent += cost(char)
        if spent > limit:
            break
        most += 1
    for at in range(most, most // 2, -1):
        ends = text[at - 1] in _SENTENCE_ENDS and text[at : at + 1].isspace()
        if ends or text[at - 1] in _WIDE_SENTENCE_ENDS:
            return at
    for at in range(most, most // 2, -1):
        if text[at : at + 1].isspace():
            return at
    at = most
    while at > 1 and _joins(text[at : at + 1], text[at - 1]):
        at -= 1
    return max(at, 1)


def _joins(char: str, before: str) -> bool:
    """Whether ``char`` belongs to the same drawn character as the one before it."""
    return bool(char) and (unicodedata.category(char) in ("Mn", "Me", "Mc") or "\u200d" in (char, before))


def _head(spans: Sequence[Span], length: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if length <= 0:
            break
        kept.append(replace(span, text=span.text[:length]))
        length -= len(span.text)
    return tuple(kept)


def _tail(spans: Sequence[Span], length: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if len(span.text) > length:
            kept.append(replace(span, text=span.text[max(0, length) :]))
        length -= len(span.text)
    return tuple(kept)


def _strip(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without space at either end of the line, and without empty ones."""
    stripped = [span for span in spans if span.text]
    while stripped and not (text := stripped[0].text.lstrip()):
        stripped.pop(0)
    if stripped:
        stripped[0] = replace(stripped[0], text=text)
    while stripped and not (text := stripped[-1].text.rstrip()):
        stripped.pop()
    if stripped:
        stripped[-1] = replace(stripped[-1], text=text)
    return tuple(stripped)
