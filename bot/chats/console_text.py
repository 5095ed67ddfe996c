"""A message as lines for a console: plain for a pipe, styled for a terminal. Pure but for rich's drawing.

Text is cleaned before it comes here, so that nothing untrusted can carry an escape code; with ``style`` off not a
single one is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final

from bot.chats.layout import cut_text, gap, lines_of, safe_url
from bot.chats.message import BlockKind, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chats.layout import Line
    from bot.chats.message import Button, Message

BULLET: Final = "• "
_INDENT: Final = {BlockKind.BULLETS: "  ", BlockKind.QUOTE: "  | ", BlockKind.CODE: "    "}
_LABEL_CHARS: Final = 40
_RICH_STYLES: Final = {Style.PLAIN: "", Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "cyan"}
_KIND_STYLES: Final = {BlockKind.HEADING: "bold", BlockKind.NOTE: "dim"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a console line; ``style`` and ``url`` are for terminals alone."""

    text: str
    style: str = ""
    url: str | None = None


def render(message: Message, *, number: Callable[[Button], int]) -> tuple[tuple[Run, ...], ...]:
    """The message as console lines. ``number`` gives the number to type for a button that stands for no command."""
    rows: list[tuple[Run, ...]] = []
    before: Line | None = None
    for line in lines_of(message):
        if before is not None and gap(before, line) == "\n\n":
            rows.append(())
        rows += _rows(line)
        before = line
    keys = [key for row in message.buttons for button in row if (key := _button(button, number))]
    if keys:
        rows += [(), *keys]
    return tuple(rows)


def plain(rows: Sequence[Sequence[Run]]) -> str:
    """The lines without any styling, each ended by a line break."""
    return "".join("".join(run.text for run in row).rstrip() + "\n" for row in rows)


def styled(rows: Sequence[Sequence[Run]], *, width: int) -> str:
    """The lines with terminal styles and clickable links, wrapped at words to ``width`` columns."""
    # Drawing with rich takes an import that a pipe does not need.
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.style import Style as RichStyle  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    drawing = StringIO()
    console = Console(file=drawing, force_terminal=True, width=width, legacy_windows=False)
    for row in rows:
        text = Text()
        for run in row:
            text.append(run.text, RichStyle.parse(run.style) + RichStyle(link=run.url))
        console.print(text, highlight=False)
    return drawing.getvalue()


def _rows(line: Line) -> list[tuple[Run, ...]]:
    indent = _INDENT.get(line.kind, "")
    kind_style = _KIND_STYLES.get(line.kind, "")
    runs = [Run(indent + (BULLET if line.kind is BlockKind.BULLETS else ""))]
    addresses = []
    for span in line.spans:
        styles = (kind_style, _RICH_STYLES[span.style], "underline" if span.url else "")
        runs.append(Run(span.text, " ".join(filter(None, styles)), span.url))
        if span.url and span.url != span.text:
            addresses.append(span.url)
    # A pipe has no links and many terminals show none, so each address is written out under its line.
    below = [(Run(f"{indent}  "), Run(url, "dim", url)) for url in addresses]
    return [tuple(run for run in runs if run.text), *below]


def _button(button: Button, number: Callable[[Button], int]) -> tuple[Run, ...]:
    label = cut_text(button.label, _LABEL_CHARS)
    target = safe_url(button.url)
    if not label or (button.url is not None and target is None):
        return ()
    if target is not None:
        return (Run(f"  [{label}] ", "bold"), Run(target, "dim", target))
    if button.command:
        return (Run(f"  [{label}] ", "bold"), Run(cut_text(button.command, 200), "cyan"))
    return (Run(f"  [{label}] ", "bold"), Run("type "), Run(str(number(button)), "cyan"))
