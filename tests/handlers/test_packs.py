"""/feeds packs, pack and follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import FeedParseError, FetchError
from bot.model import FeedLink
from bot.packs import packs
from tests.handlers.house import HOME, button, pressable, texts

if TYPE_CHECKING:
    from tests.handlers.house import House

SITE = "https://news.example.org/"


async def test_from_nothing_to_feeds_by_buttons_alone(house: House) -> None:
    offered = await house.say("/feeds")
    listed = await house.press(button(offered, "Lists of feeds").data)
    opened = await house.press(button(listed, "Korea").data)
    korea = packs()["korea"]
    followed = await house.press(button(opened, f"Follow all {len(korea.feeds)}").data)
    assert f"{len(korea.feeds)} new feeds" in texts(followed)
    mine = await house.desk.store.feeds_of((await house.chat(HOME)).id)
    assert [feed.url for feed in mine] == [feed.url for feed in korea.feeds]


async def test_a_list_that_is_there_is_not_offered_again(house: House) -> None:
    await house.say("/feeds follow korea")
    opened = await house.say("/feeds pack korea")
    assert "here already" in texts(opened)
    assert not any(one.action == "follow-pack" for one in pressable(opened))
    assert "0 new feeds" in texts(await house.say("/feeds follow korea"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("/feeds pack koera", "Did you mean “korea”?", id="misspelt"),
        pytest.param("/feeds follow nothing at all", "no list called “nothing at all”", id="unknown"),
        pytest.param("/feeds follow", "/feeds packs lists them", id="nothing"),
    ],
)
async def test_an_unknown_list_is_told(house: House, typed: str, words: str) -> None:
    assert words in texts(await house.say(typed))


async def test_a_topic_without_feeds_offers_lists(house: House) -> None:
    said = await house.say("/topics add Arms = @arms")
    assert button(said, "Other lists").command == "/feeds packs"
    await house.say("/feeds follow world")
    again = await house.say("/topics add Troops = @troops")
    assert not any(one.action in {"packs", "follow-pack"} for one in pressable(again))


class Page:
    """A desk whose address is a page that names feeds: the fault holds for the page alone."""

    def __init__(self, house: House, *links: FeedLink) -> None:
        self.desk = house.desk
        self.add, self.preview = house.desk.add_feed, house.desk.preview_feed
        house.desk.on_page = {SITE: links}
        house.desk.add_feed = self.adding  # type: ignore[method-assign]
        house.desk.preview_feed = self.previewing  # type: ignore[method-assign]

    async def adding(self, chat, url):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if url == SITE:
            raise FeedParseError("it is a web page, not a feed")
        return await self.add(chat, url)

    async def previewing(self, url):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if url == SITE:
            raise FeedParseError("it is a web page, not a feed")
        return await self.preview(url)


async def test_the_one_feed_of_a_page_is_added(house: House) -> None:
    Page(house, FeedLink("https://news.example.org/rss", "News"))
    assert "Added Example News" in texts(await house.say(f"/feeds add {SITE}"))


async def test_of_several_feeds_a_person_chooses(house: House) -> None:
    Page(house, FeedLink("https://news.example.org/a", "World"), FeedLink("https://news.example.org/b", "Sport"))
    said = await house.say(f"/feeds add {SITE}")
    assert "example.org has 2 feeds: which one?" in texts(said)
    assert "Added" in texts(await house.press(button(said, "Sport").data))
    mine = await house.desk.store.feeds_of((await house.chat(HOME)).id)
    assert [feed.url for feed in mine] == ["https://news.example.org/b"]


async def test_a_page_without_a_feed_says_what_to_look_for(house: House) -> None:
    Page(house)
    said = texts(await house.say(f"/feeds add {SITE}"))
    assert "it is a web page" in said
    assert "“RSS” link" in said


async def test_an_address_alone_shows_what_is_there(house: House) -> None:
    said = await house.say("https://news.example.org/rss")
    assert "Shall I follow Example News as a feed?" in texts(said)
    assert "Headline 19" in texts(said)
    assert not await house.desk.store.feeds_of((await house.chat(HOME)).id)


async def test_an_address_alone_that_cannot_be_fetched(house: House) -> None:
    house.desk.feed_fault = FetchError("news.example.org answered 404")
    assert "answered 404" in texts(await house.say("https://news.example.org/rss"))
