"""The one table of commands. Dispatch, help, usage texts, platform menus and the README's table are all drawn from it.

A new command is one dataclass in ``handlers.sayings``, one line in ``handlers.grammar``, one handler, and one row in
the file of its subject here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chats.chat import CommandHint
from bot.speech import N_
from handlers import help, sayings  # noqa: A004 - named after its command
from handlers.commands import general, sources, stories, timing, topics
from handlers.row import Row

if TYPE_CHECKING:
    from bot.chats.message import Message
    from handlers.row import Call


async def _help(call: Call[sayings.Help]) -> Message:
    """All commands in short, or one subject at length."""
    return help.subject(COMMANDS, call.command.subject) if call.command.subject else help.overview(COMMANDS)


_HELP: Final = Row(
    name="help",
    usage="/help [SUBJECT]",
    summary=N_("What you can type; a command or “queries” at length."),
    example="/help queries",
    kind=sayings.Help,
    handler=_help,
)

COMMANDS: Final[tuple[Row, ...]] = (
    *topics.ROWS,
    *stories.ROWS,
    *sources.ROWS,
    *timing.ROWS,
    *general.ROWS,
    _HELP,
)

_BY_KIND: Final = {row.kind: row for row in COMMANDS}


def row_of(command: sayings.Command) -> Row:
    """The row that a parsed command belongs to."""
    return _BY_KIND[type(command)]


def menu() -> tuple[CommandHint, ...]:
    """One hint a command word, for the platforms' menus; what several forms share is described by the first."""
    first: dict[str, Row] = {}
    for row in COMMANDS:
        first.setdefault(row.name, row)
    return tuple(CommandHint(row.name, row.summary) for row in first.values())


def as_markdown() -> str:
    """The table for the README: one line a form."""
    lines = ["| Type | What it does | In groups |", "|---|---|---|"]
    for row in COMMANDS:
        usage = row.usage.replace("|", "\\|")
        lines.append(f"| `{usage}` | {row.summary} | {'admins' if row.changes else 'anyone'} |")
    return "\n".join(lines) + "\n"
