"""/timeline and /story, by every way to ask for them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageColor

from bot.chats.message import AttachmentKind
from bot.model import Address, BackstoryLink, IngestPlan, Platform
from bot.pictures.shapes import DARK, LIGHT
from handlers.grammar import parse
from handlers.sayings import ShowStory, ShowTimeline
from tests.handlers.house import HOME, House, button, texts

if TYPE_CHECKING:
    from tests.handlers.told import ToldStory

PHONE = Address(Platform.TELEGRAM, "42")


async def _told(house: House, at: Address = HOME) -> ToldStory:
    await house.say("/topics save Arms = @arms & @russia", at)
    return await house.tell_story(await house.topic("Arms", at), at)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param("/timeline", ShowTimeline(), id="alone"),
        pytest.param("/timeline DPRK-Russia arms", ShowTimeline(topic="DPRK-Russia arms"), id="a topic"),
        pytest.param("/timeline 12", ShowTimeline(story_id=12), id="a story"),
        pytest.param("/timeline #12", ShowTimeline(story_id=12), id="a story with its sign"),
        pytest.param('/timeline "2024"', ShowTimeline(topic="2024"), id="a topic that is called by a number"),
        pytest.param("/story 12", ShowStory(12), id="a card"),
        pytest.param("/story", ShowStory(), id="the latest card"),
    ],
)
def test_what_can_be_typed(text: str, command: object) -> None:
    assert parse(text) == command


@pytest.mark.parametrize("how", ["by number", "as a reply", "by button"])
async def test_a_storys_timeline_tells_what_it_continues_oldest_first(house: House, how: str) -> None:
    told = await _told(house)
    number = told.story.id
    if how == "by button":
        said = await house.press(f"timeline:{number}")
    else:
        text = f"/timeline {number}" if how == "by number" else "/timeline"
        said = await house.say(text, replied_to=told.ref if how == "as a reply" else None)
    words = texts(said)
    assert "Timeline: Arms shipped to Russia" in words
    assert "2 stories · 13 Sep 2023 – 20 Jun 2024" in words
    assert words.index("Kim meets Putin") < words.index("➤ 20 Jun 2024: Arms shipped to Russia")
    assert [each.data for each in said[0].buttons[0]] == [f"story:{number}", f"earlier:{number}", f"why:{number}"]


async def test_the_only_topic_is_the_one_meant(house: House) -> None:
    await _told(house)
    said = texts(await house.say("/timeline"))
    assert said == texts(await house.say("/timeline arms"))
    assert "Timeline: “Arms”" in said
    assert "1 story · 20 Jun 2024" in said


async def test_of_several_topics_one_can_be_chosen(house: House) -> None:
    await _told(house)
    await house.say("/topics save Chips = @china")
    said = await house.say("/timeline")
    assert "Whose timeline?" in texts(said)
    assert "Timeline: “Arms”" in texts(await house.press(button(said, "Arms").data))
    assert "No story on “Chips” yet" in texts(await house.press(button(said, "Chips").data))


async def test_where_nothing_is_watched_there_is_no_timeline(house: House) -> None:
    assert "Nothing is watched here yet" in texts(await house.say("/timeline"))
    assert "No story here has the number 5" in texts(await house.say("/timeline 5"))


async def test_a_chat_that_shows_pictures_gets_one_and_a_console_does_not(house: House) -> None:
    on_console = await _told(house)
    assert (await house.say(f"/timeline {on_console.story.id}"))[0].attachments == ()
    on_phone = await _told(house, PHONE)
    (message,) = await house.say(f"/timeline {on_phone.story.id}", PHONE)
    (picture,) = message.attachments
    assert (picture.kind, picture.name) == (AttachmentKind.PICTURE, "timeline.png")
    assert picture.data.startswith(b"\x89PNG")
    assert picture.alt == "Timeline of Arms shipped to Russia: 2 stories · 13 Sep 2023 – 20 Jun 2024"
    assert "Kim meets Putin" in message.plain_text


@pytest.mark.parametrize(("chosen", "paper"), [("dark", DARK.paper), ("light", LIGHT.paper)])
async def test_a_picture_is_drawn_on_the_paper_that_the_chat_chose(house: House, chosen: str, paper: str) -> None:
    told = await _told(house, PHONE)
    await house.say(f"/settings pictures {chosen}", PHONE)
    (message,) = await house.say(f"/timeline {told.story.id}", PHONE)
    (picture,) = message.attachments
    assert Image.open(BytesIO(picture.data)).convert("RGB").getpixel((0, 0)) == ImageColor.getrgb(paper)


async def test_one_story_is_no_picture(house: House) -> None:
    told = await _told(house, PHONE)
    (message,) = await house.say("/timeline Arms", PHONE)
    assert message.attachments == ()
    (alone,) = await house.say(f"/timeline {told.past.id}", PHONE)
    assert "No story here has the number" in alone.plain_text  # the past story matched no topic of this chat


async def test_a_script_without_a_font_is_said_and_the_words_stand(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await _told(house, PHONE)
    monkeypatch.setattr("bot.pictures.fonts._packaged", lambda _: ())
    monkeypatch.setattr("bot.pictures.fonts._system_face", lambda _: None)
    (message,) = await house.say(f"/timeline {told.story.id}", PHONE)
    assert message.attachments == ()
    assert "There is no picture: Latin letters cannot be drawn here." in message.plain_text
    assert "Kim meets Putin" in message.plain_text


async def test_another_chat_sees_neither_card_nor_timeline(house: House) -> None:
    told = await _told(house)
    for command in ("/story", "/timeline"):
        said = texts(await house.say(f"{command} {told.story.id}", PHONE))
        assert f"No story here has the number {told.story.id}" in said


async def test_a_card_tells_the_story_what_it_continues_and_what_continues_it(house: House) -> None:
    told = await _told(house)
    card = await house.say(f"/story {told.story.id}")
    words = texts(card)
    assert words.startswith("Arms shipped to Russia\nOutlet\n")
    assert "Earlier:\n- 13 Sep 2023: Kim meets Putin (Outlet)" in words
    assert f"First told 20 Jun 2024, 11:00 UTC · Arms · story {told.story.id}" in words
    rows = [[each.data.partition(":")[0] for each in row] for row in card[0].buttons]
    assert rows[0] == ["earlier", "timeline", "why"]
    assert rows[1][-2:] == ["good", "bad"]


async def test_a_card_links_to_the_stories_that_came_later(house: House) -> None:
    first = await _told(house)
    second = await house.tell_story(await house.topic("Arms"))
    async with house.desk.store.ingest() as unit:
        tie = BackstoryLink(
            story_id=second.story.id,
            entry_id=first.story.first_entry_id,
            past_story_id=first.story.id,
            rank=2,
            score=0.8,
            why="",
            at=first.story.started_at,
            headline=first.story.headline,
            url=first.story.url,
            source="Outlet",
        )
        await unit.apply(IngestPlan(links=(*await house.desk.store.story_links(second.story.id), tie)))
    words = texts(await house.say(f"/story {first.story.id}"))
    assert f"Later:\n- 20 Jun 2024: Arms shipped to Russia (Outlet; story {second.story.id})" in words
    assert "Later:" not in texts(await house.say(f"/story {second.story.id}"))


async def test_headlines_are_in_the_chats_language_where_an_article_has_it(house: House) -> None:
    told = await _told(house)
    async with house.desk.store.ingest() as unit:
        await unit.apply(IngestPlan(stories=(replace(told.story, headline="Оружие отправлено", lang="ru"),)))
    words = texts(await house.say("/timeline Arms"))
    assert "Arms shipped to Russia" in words
    assert "Оружие" not in words
