"""Topics' alerts go where they are told to; being added is greeted, and a chat that moves stays itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chats.chat import Happening, Inbound, Place
from bot.model import Address, Platform
from tests.handlers.house import AWAY, House, texts

CHANNEL = Address(Platform.TELEGRAM, "-1007")
THREAD = replace(AWAY, thread="5")


@pytest.fixture
async def topic(house: House) -> None:
    await house.say("/topics save Arms = @arms", AWAY)


async def place_of(house: House) -> Address | None:
    chat = await house.desk.store.chat_at(AWAY, title="", now=house.desk.now())
    (subscription,) = await house.desk.store.subscriptions_of(chat.id)
    return subscription.place


@pytest.mark.usefixtures("topic")
async def test_here_is_the_thread_or_the_chat_itself(house: House) -> None:
    assert "this thread" in texts(await house.say("/subscribe arms here", THREAD))
    assert await place_of(house) == THREAD
    await house.say("/subscribe Arms here", AWAY)
    assert await place_of(house) is None


@pytest.mark.usefixtures("topic")
async def test_a_topic_whose_name_ends_so_is_meant_first(house: House) -> None:
    await house.say("/topics save Arms here = @arms", AWAY)
    assert "is on already" in texts(await house.say("/subscribe Arms here", THREAD))


@pytest.mark.usefixtures("topic")
async def test_a_channel_is_the_platforms_to_grant(house: House) -> None:
    house.desk.places["@ours"] = Place(CHANNEL, "Our channel")
    assert "Only an admin of @theirs" in texts(await house.say("/subscribe @theirs Arms", AWAY))
    assert await place_of(house) is None
    assert "Our channel" in texts(await house.say("/subscribe @ours Arms", AWAY))
    assert await place_of(house) == CHANNEL


async def test_who_adds_the_bot_is_told_what_to_do_next(house: House) -> None:
    joined = Inbound(AWAY, "", private=False, chat_title="Desk", happening=Happening.JOINED)
    (reply,) = await house.dispatcher.handle(joined)
    assert "what do you want to follow?" in reply.message.plain_text


@pytest.mark.usefixtures("topic")
async def test_a_group_that_moves_keeps_its_topics(house: House) -> None:
    to = Address(Platform.TELEGRAM, "-100999")
    moved = Inbound(AWAY, "", private=False, happening=Happening.MOVED, moved_to=to)
    assert await house.dispatcher.handle(moved) == ()
    assert "Arms" in texts(await house.say("/topics", to))
