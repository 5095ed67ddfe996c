"""Draws a message for each platform as text that can be kept and compared."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chats import console_text, slack_blocks, telegram_entities

if TYPE_CHECKING:
    from bot.chats.message import Button, Message

FOLDER = Path(__file__).parent


def console(message: Message) -> str:
    numbers: list[Button] = []

    def number(button: Button) -> int:
        numbers.append(button)
        return len(numbers)

    return console_text.plain(console_text.render(message, number=number))


def telegram(message: Message) -> str:
    rendered = asdict(telegram_entities.render(message))
    del rendered["attachment"]  # bytes are drawn by nobody
    return _json({"one": rendered, "parts": _parts(message)})


def slack(message: Message) -> str:
    parts = [asdict(part) for part in slack_blocks.render_parts(message)]
    return _json({"one": asdict(slack_blocks.render(message)), "parts": len(parts)})


def _parts(message: Message) -> list[str]:
    return [part.text[:60] for part in telegram_entities.render_parts(message)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


DRAWINGS = {"console.txt": console, "telegram.json": telegram, "slack.json": slack}


def golden(name: str, kind: str) -> Path:
    """The file that holds what message ``name`` must look like."""
    return FOLDER / f"{name}.{kind}"
