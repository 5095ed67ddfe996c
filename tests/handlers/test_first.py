"""From nothing to a working alert: a subject chosen or typed, one next step a message."""

from __future__ import annotations

import pytest

from bot.packs import packs
from bot.topics import lexicon
from bot.topics.suggest import suggest
from handlers import first
from tests.handlers.house import House, button, pressable, texts


async def test_from_nothing_to_a_topic_and_on_to_feeds(house: House) -> None:
    said = await house.say("/start")
    assert [button.label for button in pressable(said)] == [*first.EXAMPLES, "Help"]
    proposal = await house.press(pressable(said)[0].data)
    assert "Nothing is watched until you save it" in texts(proposal)
    await house.press(next(button.data for button in pressable(proposal) if button.label == "Save"))
    assert "Watching now" in texts(await house.say("/start"))


@pytest.mark.parametrize(
    "text", ["North Korea arms", "Rheinmetall", "санкции против России", "북한 무기", "semiconductor export controls."]
)
async def test_a_subject_typed_by_itself_is_offered(house: House, text: str) -> None:
    said = await house.say(text)
    assert "Shall I watch for" in texts(said)
    assert "Nothing is watched until you save it" in texts(await house.press(pressable(said)[0].data))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Export controls", id="what to export"),
        pytest.param("Import tariffs", id="a file that is not there"),
        pytest.param("Sleep disorders", id="no hours"),
        pytest.param("Digest of health", id="no rhythm"),
        pytest.param("Language models", id="no language"),
        pytest.param("Zone defence", id="no time zone"),
        pytest.param("Latest Korea news", id="stories of no topic"),
        pytest.param("News about Ukraine", id="news of no topic"),
        pytest.param("Timeline of the war", id="a timeline of no topic"),
        pytest.param("Share prices", id="no topic to share"),
        pytest.param("Mute swans", id="nothing to mute"),
        pytest.param("New Zealand", id="what is new is no topic to add"),
    ],
)
async def test_a_subject_that_begins_with_a_commands_word_is_offered_too(house: House, text: str) -> None:
    said = await house.say(text)
    assert f"Shall I watch for “{text}”?" in texts(said)
    assert pressable(said)[0].command == f"/topics add {text}"
    assert "Shall I watch for" not in texts(await house.say(f"/{text}")), "with its slash it is a command"
    assert await house.in_group("owner", text) == ()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("export feeds", "no feeds of its own", id="export"),
        pytest.param("digest daily 9:00", "daily at 09:00", id="digest"),
        pytest.param("language korean", "한국어", id="language"),
        pytest.param("latest Arms", "No story on “Arms” yet.", id="stories of a topic"),
        pytest.param("search engines", "archive is empty", id="search"),
        pytest.param("topics remove", "The topic's name is missing.", id="what lacks its name"),
    ],
)
async def test_a_command_without_its_slash_is_one(house: House, text: str, answer: str) -> None:
    await house.say("/topics save Arms = @arms")
    said = texts(await house.say(text))
    assert answer in said
    assert "Shall I watch for" not in said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hello there", id="a greeting"),
        pytest.param("спасибо!", id="thanks"),
        pytest.param("What can you do?", id="a question"),
        pytest.param("123 456", id="no letters"),
        pytest.param("one two three four five six seven eight nine ten", id="a whole sentence"),
        pytest.param("x" * 200, id="no name is so long"),
    ],
)
def test_talk_is_no_subject(text: str) -> None:
    assert first.offered(text) is None


@pytest.mark.parametrize("example", first.EXAMPLES)
async def test_every_example_makes_a_query(house: House, example: str) -> None:
    assert "Query: " in texts(await house.say(f"/topics add {example}"))


@pytest.mark.parametrize(
    ("subject", "lists"),
    [
        pytest.param("DPRK-Russia arms", ("korea", "russia-ukraine", "world"), id="two countries"),
        pytest.param("bird flu", ("health", "world"), id="a concept that a list names"),
        pytest.param("ransomware", ("cyber", "world"), id="a word that a list names"),
        pytest.param("Rheinmetall", ("world",), id="nothing that any list names"),
    ],
)
def test_the_lists_that_fit_a_subject_are_offered(subject: str, lists: tuple[str, ...]) -> None:
    known = lexicon.load()
    assert first.fitting(suggest(subject, known).query, packs(), known) == lists


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("treaty -@korea", id="what is shut out asks for nothing"),
        pytest.param("@no_such_concept & (", id="no query that I can read"),
    ],
)
def test_where_nothing_fits_the_world_is_offered(query: str) -> None:
    assert first.fitting(query, packs(), lexicon.load()) == ("world",)


async def test_a_topic_without_feeds_is_a_press_away_from_them(house: House) -> None:
    said = await house.say("/topics save Arms = @dprk & @arms")
    assert "where should the news come from" in texts(said)
    followed = await house.press(button(said, "Follow Korea").data)
    assert "new feeds" in texts(followed)
    assert "Nothing is there on your topic yet" in texts(followed)


async def test_new_feeds_show_at_once_what_the_topic_finds_in_them(house: House) -> None:
    await house.say("/topics save Arms = @arms")
    told = await house.tell_story(await house.topic("Arms"))
    said = texts(await house.say("/feeds follow korea"))
    assert "The last on your topics:" in said
    assert told.story.headline in said


async def test_feeds_without_a_topic_ask_for_one(house: House) -> None:
    assert "Nothing alerts here yet. Name a subject" in texts(
        await house.say("/feeds add https://news.example.org/rss")
    )


async def test_in_a_group_a_subject_takes_the_command(house: House) -> None:
    assert "/topics add NAME" in texts(await house.in_group("owner", "/start"))
    assert "/topics add NAME" not in texts(await house.say("/start"))
