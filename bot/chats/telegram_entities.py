"""A message as Telegram takes it: text, entities and an inline keyboard. Pure; knows no SDK.

No parse mode is used, so there is nothing to escape and nothing that a feed writes can become markup. Telegram counts
offsets and lengths in UTF-16 units (core.telegram.org/bots/api#messageentity), allows 4,096 units and 100 entities a
message, 1,024 units a caption, and refuses callback data above 64 bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.chats.layout import ELLIPSIS, cut_text, fit, gap, lines_of, safe_url, split, trimmed, utf16_units
from bot.chats.message import BlockKind, Style
from bot.limits import (
    TELEGRAM_BUTTONS_PER_ROW,
    TELEGRAM_CALLBACK_BYTES,
    TELEGRAM_CAPTION_UNITS,
    TELEGRAM_ENTITIES,
    TELEGRAM_TEXT_UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chats.layout import Line
    from bot.chats.message import Attachment, Button, Message, Span

BULLET: Final = "• "
_LABEL_UNITS: Final = 64  # longer labels are cut on every screen anyway
_BUTTONS: Final = 100
_WORD_JOINER: Final = "\u2060"
_STYLES: Final = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}
_ESSENTIAL: Final = frozenset({"text_link", "pre", "blockquote", "expandable_blockquote"})
_FOLDED_CHARS: Final = 300
"""A quote that is longer shows its beginning, and the rest when it is tapped."""

# Telegram turns "@name" of any plain text into a mention, which calls that person or channel.
_MENTION: Final = re.compile(r"(?<!\w)@(?=\w)")
_HOST: Final = re.compile(r"(?=[^:]*[^.:]\.)(?:[A-Za-z0-9._~-]|[^\x00-\x7f])+(?::[0-9]+)?")
"""A host, with its port, that Telegram takes in a link: never a bare one such as localhost."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled or linked stretch of the text; ``offset`` and ``length`` in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A button of the inline keyboard: with callback ``data`` or with a ``url``."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """One Telegram message. With an ``attachment`` its text is the caption, which may be empty."""

    text: str
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[tuple[Key, ...], ...] = ()
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """An entity before it is counted: positions in characters."""

    type: str
    start: int
    end: int
    url: str | None = None


def render(message: Message) -> Rendered:
    """The message as one Telegram message, cut where it is too long."""
    lines = fit(_lines(message), budget=TELEGRAM_TEXT_UNITS, cost=utf16_units)
    return _compose(lines, _keyboard(message.buttons))


def render_whole(message: Message) -> tuple[Rendered, ...]:
    """The message with its attachments, as one Telegram message where the text fits a caption.

    Else the attachments go first, bare, and the text comes last: it is what is edited and answered, and its buttons
    stay within reach at the bottom of the chat.
    """
    caption = render_caption(message)
    return (caption,) if caption is not None else (*_bare(message), render(message))


def render_parts(message: Message) -> tuple[Rendered, ...]:
    """The same with nothing cut: a long text is more than one Telegram message; the buttons stand under the last."""
    caption = render_caption(message)
    if caption is not None:
        return (caption,)
    parts = split(_lines(message), budget=TELEGRAM_TEXT_UNITS, cost=utf16_units) or ((),)
    keyboard = _keyboard(message.buttons)
    texts = (_compose(part, keyboard if part is parts[-1] else ()) for part in parts)
    return (*_bare(message), *texts)


def render_caption(message: Message) -> Rendered | None:
    """The message as its one attachment with a caption; None where it has more or none, or would have to be cut."""
    caption = as_caption(message) if len(message.attachments) == 1 else None
    return replace(caption, attachment=message.attachments[0]) if caption is not None else None


def as_caption(message: Message) -> Rendered | None:
    """The text as a caption; None where it would have to be cut."""
    rendered = _compose(_lines(message), _keyboard(message.buttons))
    return rendered if utf16_units(rendered.text) <= TELEGRAM_CAPTION_UNITS else None


def _bare(message: Message) -> tuple[Rendered, ...]:
    return tuple(Rendered("", attachment=attachment) for attachment in message.attachments)


def _lines(message: Message) -> tuple[Line, ...]:
    """The lines with a word joiner in each "@name", but for code, where Telegram looks for no mentions.

    Where there is more to mark than Telegram takes, code may be left unmarked, so names in it get a joiner as well. A
    link that Telegram does not take is left as text: it would refuse the whole message for it.
    """
    lines = tuple(
        replace(line, spans=tuple(replace(span, url=_linkable(span.url)) for span in line.spans))
        for line in lines_of(message)
    )
    marks_all = len(_compose(lines, ()).entities) < TELEGRAM_ENTITIES

    def defused(line: Line, span: Span) -> Span:
        if marks_all and _is_code(line, span):
            return span
        return replace(span, text=_MENTION.sub(f"@{_WORD_JOINER}", span.text))

    return tuple(replace(line, spans=tuple(defused(line, span) for span in line.spans)) for line in lines)


def _is_code(line: Line, span: Span) -> bool:
    """Whether a span is marked as code: no other entity may overlap with that, such as a link or a heading's weight."""
    return line.kind is BlockKind.CODE or (
        span.style is Style.CODE and not span.url and line.kind is not BlockKind.HEADING
    )


def _linkable(url: str | None) -> str | None:
    """An address that is safe, if Telegram takes it in links and buttons: with such a host, and a port that may be."""
    try:
        parts = urlsplit(url or "")
        taken = _HOST.fullmatch(parts.netloc) is not None and parts.port != 0
    except ValueError:  # a port beyond all ports
        return None
    return url if taken else None


def _compose(lines: Sequence[Line], keyboard: tuple[tuple[Key, ...], ...]) -> Rendered:
    text = ""
    stretches: list[_Stretch] = []
    before: Line | None = None
    for line in trimmed(lines):
        text += gap(before, line) if before else ""
        text += BULLET if line.kind is BlockKind.BULLETS else ""
        start = len(text)
        for span in line.spans:
            stretches += _span_stretches(line, span, len(text))
            text += span.text
        if line.kind is BlockKind.CODE:
            stretches.append(_Stretch("pre", start, len(text)))
        if line.kind is BlockKind.QUOTE:
            folded = len(text) - start > _FOLDED_CHARS
            stretches.append(_Stretch("expandable_blockquote" if folded else "blockquote", start, len(text)))
        before = line
    # An empty message is refused; saying nothing visibly is better than failing to answer.
    return Rendered(text or ELLIPSIS, _count(text, _merge(text, stretches)), keyboard)


def _span_stretches(line: Line, span: Span, start: int) -> list[_Stretch]:
    if line.kind is BlockKind.CODE:
        return []
    end = start + len(span.text)
    found = []
    if span.url:
        found.append(_Stretch("text_link", start, end, span.url))
    style = _STYLES.get(span.style)
    if style == "code" and not _is_code(line, span):
        style = None
    if line.kind is BlockKind.HEADING:
        style = "bold"
    if style:
        found.append(_Stretch(style, start, end))
    return found


def _merge(text: str, stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Neighbours of one kind as one, as Telegram itself would store them; without space at their ends."""
    merged: list[_Stretch] = []
    for _, group in groupby(sorted(stretches, key=lambda s: (s.type, s.start)), key=lambda s: s.type):
        for stretch in group:
            last = merged[-1] if merged else None
            # Links are left apart: one that reached over half of a bold stretch would overlap with it.
            joins = last is not None and last.type == stretch.type and stretch.url is None
            between = text[last.end : stretch.start] if last is not None else ""
            if joins and last is not None and between == ("\n" if stretch.type == "pre" else ""):
                merged[-1] = _Stretch(stretch.type, last.start, stretch.end, stretch.url)
            else:
                merged.append(stretch)
    return merged


def _count(text: str, stretches: Sequence[_Stretch]) -> tuple[Entity, ...]:
    """The stretches counted in UTF-16 units, outer before inner, at most 100: links outlive mere style."""
    units = [0, *accumulate(utf16_units(char) for char in text)]
    entities = []
    for stretch in stretches:
        body = text[stretch.start : stretch.end]
        start = stretch.start + len(body) - len(body.lstrip())
        end = start + len(body.strip())
        if start < end:
            entities.append(Entity(stretch.type, units[start], units[end] - units[start], stretch.url))
    entities.sort(key=lambda e: (e.type not in _ESSENTIAL, e.offset))
    return tuple(sorted(entities[:TELEGRAM_ENTITIES], key=lambda e: (e.offset, -e.length, e.type)))


def _keyboard(rows: Sequence[Sequence[Button]]) -> tuple[tuple[Key, ...], ...]:
    """The rows of keys: over-wide rows are broken, buttons that Telegram would refuse are left out."""
    keyboard: list[tuple[Key, ...]] = []
    left = _BUTTONS
    for row in rows:
        keys = [key for button in row if (key := _key(button))][:left]
        left -= len(keys)
        keyboard += [
            tuple(keys[at : at + TELEGRAM_BUTTONS_PER_ROW]) for at in range(0, len(keys), TELEGRAM_BUTTONS_PER_ROW)
        ]
    return tuple(keyboard)


def _key(button: Button) -> Key | None:
    label = cut_text(button.label, _LABEL_UNITS, utf16_units)
    if not label:
        return None
    if button.url is not None:
        url = _linkable(safe_url(button.url))
        return Key(label, url=url) if url else None
    fits = button.action and len(button.data.encode()) <= TELEGRAM_CALLBACK_BYTES
    return Key(label, data=button.data) if fits else None
