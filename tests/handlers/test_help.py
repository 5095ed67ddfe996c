from __future__ import annotations

import pytest

from bot.topics import lexicon, query
from handlers import help as handler_help
from handlers.commands import COMMANDS
from handlers.grammar import parse
from handlers.sayings import AddTopic
from tests.handlers.house import House, button, texts


async def test_help_on_queries_uses_forms_that_parse(house: House) -> None:
    blocks = handler_help.queries().blocks
    example = parse(blocks[2].items[0][0].text)
    assert isinstance(example, AddTopic)
    assert example.query is not None
    known = lexicon.load()
    forms = [item[0].text for item in blocks[3].items]
    for form in [example.query, *forms]:
        query.parse(form, known)
    assert texts(await house.say("/help queries")) == handler_help.queries().plain_text


async def test_help_on_an_alias_is_help_on_its_command(house: House) -> None:
    assert texts(await house.say("/help sub")) == handler_help.subject(COMMANDS, "subscribe").plain_text
    assert "/sub" in texts(await house.say("/help subscribe"))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        pytest.param("queries now", "queries", id="queries, and a word"),
        pytest.param("with /query", "queries", id="a word before"),
        pytest.param("mute me please", "mute", id="a command, and words"),
    ],
)
async def test_further_words_do_not_hide_what_help_is_wanted_on(house: House, text: str, subject: str) -> None:
    assert texts(await house.say(f"/help {text}")) == texts(await house.say(f"/help {subject}"))


async def test_help_on_one_form_of_a_command_is_about_that_form(house: House) -> None:
    said = texts(await house.say("/help topics set"))
    assert "/topics set NAME LEVEL" in said
    assert "/topics tune" not in said


async def test_help_on_an_unknown_subject_names_those_there_are(house: House) -> None:
    said = await house.say("/help topcs")
    assert "There is no help on that" in texts(said)
    assert button(said, "/help topics").command == "/help topics"
