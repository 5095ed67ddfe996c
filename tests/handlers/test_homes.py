"""The parts of the bot's own page: what the commands say, with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chats.chat import Inbound
from bot.model import Topic
from tests.handlers.house import FEED_URL, HOME, button, pressable, texts
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from bot.chats.message import Message
    from tests.handlers.house import House


async def page(house: House) -> tuple[Message, ...]:
    inbound = Inbound(HOME, "owner", home=True)
    return tuple(reply.message for reply in await house.dispatcher.handle(inbound))


async def test_a_new_persons_page_says_what_to_do_first(house: House) -> None:
    said = await page(house)
    for words in ("Nothing is watched yet", "No feed yet", "Digests: off", "Nothing is muted"):
        assert words in texts(said)
    assert button(said, "Add a topic").data == "topic-new:"


async def test_it_shows_topics_feeds_mutes_and_the_next_digest(house: House) -> None:
    await house.say("/topics save Arms = @dprk")
    await house.say(f"/feeds add {FEED_URL}")
    await house.say("/digest daily 08:00")
    await house.say("/mute Arms 8h")
    said = texts(await page(house))
    for words in ("Arms (on)", "Example News", "The next one comes", "Topic “Arms”, until"):
        assert words in said


async def test_every_button_of_the_page_does_something(house: House) -> None:
    await house.say("/topics save Arms = @dprk")
    await house.say(f"/feeds add {FEED_URL}")
    await house.say("/mute Arms 8h")
    for pressed in pressable(await page(house)):
        if pressed.label == "Remove":
            continue
        answer = texts(await house.press(pressed.data))
        assert answer
        assert "another version of me" not in answer, pressed
        assert "gone stale" not in answer, pressed


async def test_a_shared_topic_is_only_to_be_read(house: House) -> None:
    await house.desk.store.add_topic(Topic(0, None, "Everybody's", "@dprk", NOW))
    labels = {pressed.label for pressed in pressable(await page(house))}
    assert "Latest" in labels
    assert not labels & {"Edit", "Remove", "Pause"}


async def test_another_chats_topics_are_not_on_it(house: House) -> None:
    await house.in_group("owner", "/topics save Theirs = @dprk")
    assert "Theirs" not in texts(await page(house))


async def test_looking_alone_writes_nothing(house: House) -> None:
    first, second = await page(house), await page(house)
    assert first == second
