"""/lexicon: looking up what the bot knows, and a chat's own concepts from the cradle to the grave."""

from __future__ import annotations

import pytest

from bot.limits import CONCEPTS_PER_CHAT
from tests.handlers.house import AWAY, House, button, texts
from tests.handlers.past import FISH, SHELLS, past


async def test_a_concept_is_shown_with_its_names_by_language(house: House) -> None:
    said = texts(await house.say("/lexicon @dprk"))
    assert "@dprk: North Korea, a place" in said
    assert "Korean: 북한" in said
    assert "Not in: " in said
    assert "조선일보" in said


async def test_spellings_that_differ_in_capitals_are_one(house: House) -> None:
    russian = next(line for line in texts(await house.say("/lexicon @dprk")).splitlines() if "Russian" in line)
    assert russian.casefold().count("кндр,") == 1


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        pytest.param("dprk", "@dprk", id="a name without its sign"),
        pytest.param("North Korea", "@dprk", id="English"),
        pytest.param("북한", "@dprk", id="Korean"),
        pytest.param("КНДР", "@dprk", id="Russian"),
        pytest.param("missile", "@missiles", id="one of several"),
    ],
)
async def test_a_word_finds_its_concepts(house: House, word: str, concept: str) -> None:
    assert concept in texts(await house.say(f"/lexicon {word}"))


async def test_an_unknown_word_can_be_made_a_concept(house: House) -> None:
    said = texts(await house.say("/lexicon zorblatt"))
    assert "No concept has “zorblatt”" in said
    assert "/lexicon add @name" in said


async def test_a_chats_own_concept_finds_and_is_kept_in_the_query(house: House) -> None:
    await past(house, SHELLS, FISH)
    await house.say("/lexicon add @shells = shell*, 포탄")
    assert "Query: @shells & @russia" in texts(await house.say("/topics add Shells = @shells & @russia"))
    assert "1 hit (" in texts(await house.say("/topics test Shells"))
    assert (await house.topic("Shells")).query == "@shells & @russia"
    assert "@shells: shell*, 포탄" in texts(await house.say("/lexicon"))


async def test_another_chat_does_not_know_it(house: House) -> None:
    await house.say("/lexicon add @shells = shell*")
    assert "does not parse" in texts(await house.say("/topics add Shells = @shells", AWAY))
    assert "No concept has" in texts(await house.say("/lexicon @shells", AWAY))
    assert "shells" not in texts(await house.say("/lexicon", AWAY))
    assert "no concept @shells of its own" in texts(await house.say("/lexicon remove @shells", AWAY))


async def test_two_chats_may_mean_different_things_by_one_name(house: House) -> None:
    await past(house, SHELLS, FISH)
    await house.say("/lexicon add @mine = shell*")
    await house.say("/lexicon add @mine = pollock", AWAY)
    await house.say("/topics add Mine = @mine")
    await house.say("/topics add Mine = @mine", AWAY)
    assert SHELLS in texts(await house.say("/topics test Mine"))
    assert FISH in texts(await house.say("/topics test Mine", AWAY))


async def test_the_lexicons_own_cannot_be_changed(house: House) -> None:
    assert "in my lexicon already" in texts(await house.say("/lexicon add @dprk = banana"))
    assert "which all chats share" in texts(await house.say("/lexicon remove @dprk"))


async def test_one_in_use_is_not_removed_and_one_removed_can_come_back(house: House) -> None:
    await house.say("/lexicon add @shells = shell*")
    await house.say("/topics save Shells = @russia & -@shells")
    assert "used by “Shells”" in texts(await house.say("/lexicon remove @shells"))
    await house.say("/topics remove Shells")
    said = await house.say("/lexicon remove @shells")
    assert "no longer known here" in texts(said)
    assert "@shells is known in this chat" in texts(await house.press(button(said, "Bring it back").data))


async def test_adding_again_replaces_the_aliases(house: House) -> None:
    await house.say("/lexicon add @shells = shell*")
    await house.say("/lexicon add shells = 포탄")
    (only,) = await house.desk.store.concepts_of((await house.chat()).id)
    assert only.aliases == ("포탄",)


async def test_a_chat_has_a_most_of_concepts(house: House) -> None:
    for number in range(CONCEPTS_PER_CHAT):
        await house.say(f"/lexicon add @c{number} = word{number}")
    assert "which is the most" in texts(await house.say("/lexicon add @more = word"))


async def test_in_a_group_anyone_looks_and_admins_add(house: House) -> None:
    assert "North Korea" in texts(await house.in_group("passer-by", "/lexicon @dprk"))
    assert "admins" in texts(await house.in_group("passer-by", "/lexicon add @x = y"))
