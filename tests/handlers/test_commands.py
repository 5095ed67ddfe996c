from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from bot.limits import TELEGRAM_CALLBACK_BYTES
from handlers import help as handler_help
from handlers.commands import COMMANDS, as_markdown, menu, row_of
from handlers.grammar import NAMES, parse
from handlers.sayings import Command
from handlers.words import Problem, ProblemKind
from tests.handlers.house import House, pressable, texts

if TYPE_CHECKING:
    from handlers.row import Row


def _name(row: Row) -> str:
    return f"{row.name} {row.verb}".strip()


every_row = pytest.mark.parametrize("row", [pytest.param(row, id=_name(row)) for row in COMMANDS])


def test_the_table_and_the_grammar_know_the_same_commands() -> None:
    assert {row.name for row in COMMANDS} == set(NAMES)
    assert {row.kind for row in COMMANDS} == set(get_args(Command))
    assert len({row.kind for row in COMMANDS}) == len(COMMANDS)


@every_row
def test_an_example_is_what_its_row_says(row: Row) -> None:
    command = parse(row.example)
    assert not isinstance(command, Problem)
    assert row_of(command) is row


@every_row
def test_help_menu_and_readme_tell_every_form(row: Row) -> None:
    assert f"/{row.name}" in handler_help.overview(COMMANDS).plain_text
    assert handler_help.follows(row) in handler_help.overview(COMMANDS).plain_text
    assert row.usage in handler_help.subject(COMMANDS, row.name).plain_text
    assert row.example in handler_help.subject(COMMANDS, row.name).plain_text
    assert "`{}`".format(row.usage.replace("|", "\\|")) in as_markdown()
    assert row.name in [hint.name for hint in menu()]


def test_the_menu_keeps_to_what_telegram_takes() -> None:
    names = [hint.name for hint in menu()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)
    assert all(3 <= len(hint.summary) <= 256 for hint in menu())


@every_row
def test_usage_shows_pattern_example_and_button(row: Row) -> None:
    message = handler_help.problem(COMMANDS, Problem(ProblemKind.MISSING, row.name, row.verb, "It is missing."))
    assert message.plain_text.startswith("It is missing.")
    assert row.usage in message.plain_text
    assert row.example in message.plain_text
    assert message.buttons


@every_row
async def test_every_row_answers_a_real_call(row: Row, house: House) -> None:
    """Each command runs through the dispatcher on a chat that has a topic, a feed and a story."""
    await house.say("/topics save DPRK-Russia arms = @dprk & @russia & @arms")
    await house.say("/lexicon add @shells = shell*")
    await house.say("/feeds add https://www.example.org/feed")
    await house.tell_story(await house.topic("DPRK-Russia arms"))
    feed = next(each for each in await house.desk.store.feeds_of((await house.chat()).id) if not each.shared)
    messages = await house.say(f"/feeds remove {feed.id}" if _name(row) == "feeds remove" else row.example)
    said = texts(messages)
    assert said
    assert "Something went wrong" not in said
    assert all(message.blocks for message in messages)
    for button in pressable(messages):
        assert button.command
        assert not isinstance(parse(button.command), Problem)
        assert len(button.data.encode()) <= TELEGRAM_CALLBACK_BYTES
