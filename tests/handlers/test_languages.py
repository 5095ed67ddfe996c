from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from bot.chats.message import Style
from bot.model import Address, Platform
from bot.speech import LANGUAGES
from tests.handlers.house import House, button, texts
from tests.handlers.scenario import GOLDEN, TYPED, transcript
from tests.words import SPOKEN

if TYPE_CHECKING:
    from bot.chats.message import Message

PERSON: Final = Address(Platform.TELEGRAM, "7001")
SLACK_LABEL_CHARS: Final = 75
"""Of a button's text: https://docs.slack.dev/reference/block-kit/block-elements/button-element."""

ENGLISH: Final = re.compile(
    r"\b(?:the|is|are|of|and|for|here|this|that|it|you|your|not|no|with|from|new|more|stor(?:y|ies)|topics?|feeds?|alerts?)\b",
    re.IGNORECASE,
)
"""Words that no answer about things of other names has in it."""

# Names of feeds, packs and files, usages, headlines and what one typed are the same in every language.
_NAMES: Final = re.compile(r"“[^”]*”|«[^»]*»|\([^)]*\)|DPRK-Russia arms|[\w-]+\.yaml|/\w+[^–.;]*|Also: .*|: add; .*")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_conversation_reads_as_the_golden_file_has_it(lang: str) -> None:
    """After a change that is meant: `python -m tests.handlers.scenario`, and read the difference."""
    assert await transcript(lang) == (GOLDEN / f"transcript.{lang}.txt").read_text("utf-8")


@pytest.mark.parametrize("lang", SPOKEN)
async def test_no_answer_falls_back_to_english(house: House, lang: str) -> None:
    house.lang = lang
    left = []
    for typed in TYPED:
        if typed.startswith(("/lexicon", "/feeds pack korea", "/help")):
            continue  # words of the lexicon and names of feeds; the golden file shows them
        left += [line for message in await house.say(typed) for line in own_words(message) if ENGLISH.search(line)]
    assert left == []


def own_words(message: Message) -> list[str]:
    """What a message says in the bot's own words, a line each: no links, no commands, no names."""
    lines = []
    for block in message.blocks:
        for item in block.items:
            said = "".join(span.text for span in item if span.url is None and span.style is Style.PLAIN)
            lines.append(_NAMES.sub(" ", said))
    return lines + [_NAMES.sub(" ", each.label) for row in message.buttons for each in row]


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_labels_fit_slack_in_every_language(house: House, lang: str) -> None:
    house.lang = lang
    for typed in TYPED:
        for message in await house.say(typed):
            assert all(len(each.label) <= SLACK_LABEL_CHARS for row in message.buttons for each in row)


async def test_the_chats_setting_goes_before_the_persons_language(house: House) -> None:
    house.lang = "ru-RU"
    assert "Тихие часы" in texts(await house.say("/quiet"))
    assert "말하는" in texts(await house.say("/settings language ko"))
    assert "방해 금지 시간" in texts(await house.say("/quiet"))
    assert "Тихие часы" in texts(await house.say("/settings language auto")) + texts(await house.say("/quiet"))


async def test_faults_and_presses_are_in_the_language_too(house: House) -> None:
    house.lang = "uk"
    assert "немає" in texts(await house.say("/topics show Nothing"))
    assert "Запит не читається" in texts(await house.say("/topics add Kim = (kim"))
    answer = await house.say("/settings")
    assert "Межа" in texts(await house.press(button(answer, "Межа").data))


async def test_what_a_person_hears_unasked_is_in_their_language(house: House) -> None:
    house.lang = "ko"
    await house.say("/start", PERSON)
    assert (await house.chat(PERSON)).lang == "ko"
    house.lang = "ru"
    await house.say("/start", PERSON)
    assert (await house.chat(PERSON)).lang == "ru"


async def test_where_the_platform_does_not_say_which_the_language_known_stays(house: House) -> None:
    house.lang = "ko"
    await house.say("/start", PERSON)
    house.lang = ""
    assert "방해 금지 시간" in texts(await house.say("/quiet", PERSON))
    assert (await house.chat(PERSON)).lang == "ko"


async def test_a_group_keeps_its_language_whoever_asks(house: House) -> None:
    group = Address(Platform.TELEGRAM, "-100200")
    house.lang = "uk"
    assert "Поки нічого не відстежується" in texts(await house.in_group("owner", "/topics", group))
    assert (await house.chat(group)).lang == "en"
