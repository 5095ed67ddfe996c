"""The platform-free message: what handlers and alerts say, before any platform's markup.

A message is blocks of spans and rows of buttons. It carries plain text only: a renderer escapes for its platform,
so nothing that a feed or a user wrote can become markup, a mention or a forged link. This module must not know any
platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Style(StrEnum):
    """How a span is set, where the platform can."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; with ``url`` (http or https only) it is a link."""

    text: str
    style: Style = Style.PLAIN
    url: str | None = None


class BlockKind(StrEnum):
    """What a block is for; the renderer decides how it looks."""

    HEADING = "heading"  # the line that leads, one per message
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"  # each of ``items`` is one bullet
    QUOTE = "quote"
    CODE = "code"  # preformatted lines, spans' styles ignored
    NOTE = "note"  # small print: outlet, time, topic, why


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-like part of a message. ``items`` holds one line each; all kinds but BULLETS and CODE have one."""

    kind: BlockKind
    items: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: either ``action`` with an ``argument`` that is an id (never free text), or a ``url``.

    ``command`` is what the press stands for, typed: the console shows it, since it has no buttons.
    """

    label: str
    action: str = ""
    argument: str = ""
    url: str | None = None
    command: str | None = None

    @property
    def data(self) -> str:
        """The callback data, at most 64 bytes: ``action:argument``."""
        return f"{self.action}:{self.argument}"


class AttachmentKind(StrEnum):
    """What a chat does with the bytes."""

    PICTURE = "picture"  # a PNG, shown in place
    FILE = "file"  # offered for saving


@dataclass(frozen=True, slots=True)
class Attachment:
    """Bytes that go with a message. ``alt`` says in words what they hold, for whoever cannot see or open them."""

    kind: AttachmentKind
    name: str
    data: bytes = field(repr=False)
    alt: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: a line of at most ``most_chars`` to type, or one of ``choices`` (value and label) to take.

    What stands in a ``watched`` field is tried while the form is open. ``fault`` says what is wrong with it.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    most_chars: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    watched: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields to fill in, on platforms that have forms. ``action`` and ``argument`` are those of the button to open it.

    ``remarks`` stand under the fields: what the values in them would lead to.
    """

    action: str
    argument: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Save"
    remarks: tuple[Block, ...] = ()

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        return {field.name: field.fault for field in self.fields if field.fault}


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a chat: blocks from top to bottom, then rows of buttons; attachments go with them.

    A picture never carries what the text does not say: a platform that cannot show it leaves it out. Nor does a form:
    the text says how to do the same without one, and stands in its place where the platform has no forms.
    """

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    form: Form | None = None

    @property
    def plain_text(self) -> str:
        """The whole message as plain text: for notifications, screen readers and logs."""
        lines: list[str] = []
        for block in self.blocks:
            mark = "- " if block.kind is BlockKind.BULLETS else ""
            lines += [mark + "".join(span.text for span in item) for item in block.items]
        return "\n".join(lines)


def bold(text: str) -> Span:
    """A bold span."""
    return Span(text, Style.BOLD)


def italic(text: str) -> Span:
    """An italic span."""
    return Span(text, Style.ITALIC)


def code(text: str) -> Span:
    """A span to type as it stands: a command, a query."""
    return Span(text, Style.CODE)


def link(text: str, url: str) -> Span:
    """A linked span; where ``url`` is not http(s) the text stands alone."""
    return Span(text, url=url if url.startswith(("http://", "https://")) else None)


def _line(parts: tuple[Span | str, ...]) -> tuple[Span, ...]:
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def heading(*parts: Span | str) -> Block:
    """The line that leads."""
    return Block(BlockKind.HEADING, (_line(parts),))


def paragraph(*parts: Span | str) -> Block:
    """A paragraph."""
    return Block(BlockKind.PARAGRAPH, (_line(parts),))


def note(*parts: Span | str) -> Block:
    """Small print."""
    return Block(BlockKind.NOTE, (_line(parts),))


def quote(*parts: Span | str) -> Block:
    """Somebody's words."""
    return Block(BlockKind.QUOTE, (_line(parts),))


def bullets(*items: tuple[Span | str, ...] | str) -> Block:
    """A list, one line an item."""
    return Block(BlockKind.BULLETS, tuple(_line((item,) if isinstance(item, str) else item) for item in items))


def code_block(text: str) -> Block:
    """Preformatted lines."""
    return Block(BlockKind.CODE, tuple((Span(line),) for line in text.splitlines()))


def text_message(*lines: str) -> Message:
    """A message of plain paragraphs."""
    return Message(tuple(paragraph(line) for line in lines))


def phrase(template: str, **parts: Span | str | Sequence[Span | str]) -> tuple[Span | str, ...]:
    """A text with placeholders as spans, each placeholder by its name: ``phrase("Try {it}.", it=code("/help"))``.

    The languages differ in where a name or a command stands in a sentence, so a sentence is never put together from
    pieces of it. Raises KeyError for a placeholder that nobody fills.
    """
    made: list[Span | str] = []
    for text, name, _spec, _conversion in Formatter().parse(template):
        if text:
            made.append(text)
        if name is not None:
            part = parts[name]
            made += [part] if isinstance(part, Span | str) else part
    return tuple(made)
