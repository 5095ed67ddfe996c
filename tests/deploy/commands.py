"""The menu of commands as BotFather takes it, drawn from the table: ``python -m tests.deploy`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from handlers.commands import menu

PAGE = Path(__file__).resolve().parents[2] / "deploy" / "botfather.md"
_HEAD = "- `/setcommands`:\n\n```text\n"
_END = "\n```\n"


def commands_text() -> str:
    """One command a line."""
    return "\n".join(f"{hint.name} - {hint.summary}" for hint in menu())


def with_commands(page: str) -> str:
    """The page with today's commands."""
    before, _, after = page.partition(_HEAD)
    _, _, rest = after.partition(_END)
    return before + _HEAD + commands_text() + _END + rest
