"""/export and /import, over the real dispatcher and store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.chats.chat import Inbound, InboundFile
from bot.feeds.opml import read_opml
from bot.model import UNSAVED, Feed
from bot.topics.exchange import read_topics
from tests.handlers.house import AWAY, FEED_URL, HOME, texts
from tests.handlers.told import NOW

if TYPE_CHECKING:
    from bot.chats.message import Message
    from bot.model import Address
    from tests.handlers.house import House

OPML = (
    b'<opml><body><outline text="A" xmlUrl="https://a.example/rss"/><outline xmlUrl="ftp://b.example"/></body></opml>'
)


async def send(house: House, data: bytes, *, text: str = "/import", at: Address = HOME) -> tuple[Message, ...]:
    async def read() -> bytes:
        return data

    file = InboundFile("file", len(data), read)
    replies = await house.dispatcher.handle(Inbound(at, "owner", text=text, files=(file,)))
    return tuple(reply.message for reply in replies)


async def test_what_is_exported_comes_in_elsewhere(house: House) -> None:
    await house.say(f"/feeds add {FEED_URL}")
    await house.say("/lexicon add @shells = shell*, 포탄")
    await house.say("/topics add Shells = @shells & @russia")
    said = await house.say("/export")
    files = {file.name: file.data for message in said for file in message.attachments}
    assert [feed.url for feed in read_opml(files["backstory-feeds.opml"]).feeds] == [FEED_URL]
    assert [topic.name for topic in read_topics(files["backstory-topics.yaml"]).topics] == ["Shells"]

    for data in files.values():
        await send(house, data, at=AWAY)
    there = await house.chat(AWAY)
    assert [feed.url for feed in await house.desk.store.feeds_of(there.id)] == [FEED_URL]
    assert [topic.query for topic in await house.desk.store.topics_of(there.id)] == ["@shells & @russia"]
    assert len(await house.desk.store.subscriptions_of(there.id)) == 1


async def test_a_file_that_comes_twice_changes_nothing(house: House) -> None:
    data = b"topics:\n- name: Arms\n  query: '@arms'\n"
    assert "1 new topic" in texts(await send(house, data))
    assert "0 new topics, 1 here already" in texts(await send(house, data))


async def test_a_file_without_words_is_taken_in(house: House) -> None:
    said = texts(await send(house, OPML, text=""))
    assert "1 new feed" in said
    assert "1 address in the file cannot be fetched." in said


async def test_what_is_wrong_is_said_and_the_rest_taken(house: House) -> None:
    data = b"topics:\n- {name: Good, query: '@arms'}\n- {name: Bad, query: '@nosuchthing'}\n- {name: Worse}\n"
    said = texts(await send(house, data))
    assert "1 new topic" in said
    assert "Bad: " in said
    assert "topic 3: it needs a name and a query" in said


async def test_without_a_file_the_answer_says_how(house: House) -> None:
    assert "Send me the file" in texts(await house.say("/import"))


async def test_nothing_to_export(house: House) -> None:
    assert "no feeds or topics of its own" in texts(await house.say("/export"))
    assert "no topics of its own" in texts(await house.say("/export topics"))


async def test_only_admins_take_in(house: House) -> None:
    await house.in_group("guest", "/import")
    assert not await house.desk.store.feeds_of((await house.chat(AWAY)).id)
    assert "admins" in texts(await house.in_group("guest", "/import"))


OURS, THEIRS = "https://reader:open-sesame@ours.example/rss?feed=rss2&key=k3y", "https://theirs.example/rss?token=t0ken"


@pytest.mark.parametrize(
    ("who", "addresses", "said"),
    [
        pytest.param(
            "owner",
            [FEED_URL, OURS, "https://theirs.example/rss"],
            ["holds the password or key of 1 feed", "1 feed is read with a password or key, which is not in the file."],
            id="an admin has the chat's own",
        ),
        pytest.param(
            "guest",
            [FEED_URL, "https://ours.example/rss?feed=rss2", "https://theirs.example/rss"],
            ["2 feeds are read with passwords or keys", "when an admin asks"],
            id="nobody else has any",
        ),
    ],
)
async def test_passwords_and_keys_in_an_export(house: House, who: str, addresses: list[str], said: list[str]) -> None:
    for url in (FEED_URL, OURS):
        await house.in_group("owner", f"/feeds add {url}")
    await house.desk.store.add_feed(Feed(UNSAVED, THEIRS, "", NOW, shared=True))
    told = await house.in_group(who, "/export feeds")
    (file,) = (file for message in told for file in message.attachments)
    assert [feed.url for feed in read_opml(file.data).feeds] == addresses
    assert all(words in texts(told) for words in said)
    assert b"t0ken" not in file.data
