"""Commands that a crash cuts off: whoever types them again has what one command gives, and nothing stays half made."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from bot.chats.chat import Inbound, InboundFile, Place
from bot.model import Address, Platform
from bot.store.database import Database
from bot.store.sql import open_store
from bot.topics import lexicon
from tests.handlers.house import FEED_URL, HOME, House, ScriptedDesk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

COMMITS = 8
"""How many of a command's transactions are tried: more have only lists, which repeat themselves."""


async def _read() -> bytes:
    return b"topics:\n- {name: Arms, query: '@arms'}\n- {name: Fish, query: fish & quota}\n"


TOPICS = InboundFile("topics.yaml", 80, _read)


class CrashError(BaseException):
    """The process is gone: nothing catches this, as nothing catches a kill."""


@contextmanager
def crash_at(number: int) -> Iterator[list[int]]:
    """Let nothing be committed from the ``number``th transaction on. Holds how many came to their commit."""
    write, reached = Database.write, [0]

    @asynccontextmanager
    async def cut(self: Database, **options: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - as the one it stands for
        async with write(self, **options) as conn:
            yield conn
            reached[0] += 1
            if reached[0] >= number:
                raise CrashError

    with patch.object(Database, "write", cut):
        yield reached


@asynccontextmanager
async def a_house(*before: str) -> AsyncIterator[House]:
    """A house where this was said before."""
    store = await open_store("sqlite+aiosqlite://")
    try:
        house = House(ScriptedDesk(store, lexicon.load()))
        channel = Address(Platform.CONSOLE, "news")
        house.desk.places["@news"] = Place(channel, "@news")
        for line in before:
            await house.say(line)
        yield house
    finally:
        await store.close()


async def what_stands(house: House) -> dict[str, Any]:
    """All that a chat has chosen."""
    store, chat = house.desk.store, await house.chat()
    topics = await store.topics_of(chat.id)
    names = {topic.id: topic.name for topic in topics}
    return {
        "topics": sorted((topic.name, topic.query, topic.sensitivity, topic.paused) for topic in topics),
        "subscriptions": sorted((names[one.topic_id], str(one.place)) for one in await store.subscriptions_of(chat.id)),
        "proposals": sorted((one.name, one.query) for one in await store.proposals_of(chat.id)),
        "feeds": sorted(feed.url for feed in await store.feeds_of(chat.id)),
        "settings": await store.settings_of(chat.id),
        "concepts": sorted((one.name, one.aliases) for one in await store.concepts_of(chat.id)),
        "mutes": sorted((one.kind, one.name) for one in await store.mutes_of(chat.id, now=house.desk.now())),
    }


SAVED = "/topics save OPEC oil cuts"
CASES = [
    pytest.param((), SAVED, id="a topic by its name"),
    pytest.param((), "/topics save Fish = fish & quota", id="a topic with its query"),
    pytest.param(("/topics add OPEC oil cuts",), SAVED, id="a proposal"),
    pytest.param((SAVED, "/topics edit OPEC oil cuts = oil"), SAVED, id="a proposed change"),
    pytest.param((SAVED,), "/topics set OPEC oil cuts strict", id="a level"),
    pytest.param((SAVED,), "/topics rename OPEC oil cuts = Oil", id="another name"),
    pytest.param((SAVED,), "/topics remove OPEC oil cuts", id="a topic that goes"),
    pytest.param((SAVED,), "/topics pause OPEC oil cuts", id="a pause"),
    pytest.param((SAVED,), "/unsubscribe OPEC oil cuts", id="alerts off"),
    pytest.param((SAVED, "/unsubscribe OPEC oil cuts"), "/subscribe OPEC oil cuts", id="alerts on"),
    pytest.param((SAVED,), "/subscribe @news OPEC oil cuts", id="a channel"),
    pytest.param((), f"/feeds add {FEED_URL}", id="a feed"),
    pytest.param((f"/feeds add {FEED_URL}",), f"/feeds remove {FEED_URL}", id="a feed that goes"),
    pytest.param((), "/feeds follow korea", id="a list of feeds"),
    pytest.param((), "/lexicon add @fleet = trawler, longliner", id="a concept"),
    pytest.param((SAVED,), "/mute OPEC oil cuts 8h", id="a mute"),
    pytest.param((), "/digest daily 08:00", id="a digest"),
    pytest.param((), "/quiet 22:00-07:00", id="quiet hours"),
    pytest.param((), "/settings zone Seoul", id="a zone"),
]


@pytest.mark.parametrize(("before", "line"), CASES)
async def test_a_command_that_a_crash_cut_off_is_typed_again(before: tuple[str, ...], line: str) -> None:
    async with a_house(*before) as house:
        was = await what_stands(house)
        await house.say(line)
        wanted = await what_stands(house)
    assert wanted != was
    for number in range(1, COMMITS + 1):
        async with a_house(*before) as house:
            with crash_at(number) as reached, suppress(CrashError):
                await house.say(line)
            if reached[0] < number:
                break
            await house.say(line)
            assert await what_stands(house) == wanted, f"cut off at commit {number}"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/topics save OPEC oil cuts", id="saved"),
        pytest.param("/import", id="taken in"),
    ],
)
async def test_no_topic_is_left_without_its_alerts(line: str) -> None:
    for number in range(1, COMMITS + 1):
        async with a_house() as house:
            with crash_at(number) as reached, suppress(CrashError):
                await house.dispatcher.handle(Inbound(HOME, "owner", text=line, files=(TOPICS,)))
            stands = await what_stands(house)
            assert len(stands["topics"]) == len(stands["subscriptions"]), f"cut off at commit {number}"
            if reached[0] < number:
                assert stands["topics"]
                return
    pytest.fail("commits without end")
