"""The whole bot, from /start to an alert with backlinks and a pressed button, on each platform.

Real adapters, a real feed server, a real database file; only the platforms themselves are doubles.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from bot import settings
from bot.app import Bot
from tests.pipeline.feed_server import Answer, Item, feed_server, rss
from tests.pipeline.people import console, shows, slack, telegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.pipeline.feed_server import FeedServer

SHELLS = "North Korea shipped munitions to Russia by rail, White House says"
PACT = "Putin and Kim sign defence treaty, agree on weapons supplies"
FISH = "South Korea and Russia agree on pollock quotas"
BODIES = {
    SHELLS: "North Korea has shipped more than 1,000 containers of munitions to Russia, the White House said. "
    "Spokesman John Kirby showed pictures of containers in Rajin.",
    PACT: "Kim Jong Un and Vladimir Putin signed a treaty in Pyongyang that binds North Korea and Russia to help each "
    "other if attacked. The two leaders also agreed on supplies of weapons and munitions. The White House had said "
    "that North Korea shipped containers of munitions to Russia.",
    FISH: "Seoul and Moscow agreed on how much pollock South Korean boats may take in Russian waters next year.",
}


def document(*titles: str) -> Answer:
    """The feed as it stands: the last title is the newest, minutes old; each one before is 90 days older."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    items = [
        Item(
            title,
            f"https://harbour.example/{len(title)}",
            guid=f"guid-{len(title)}",
            date=format_datetime(now - timedelta(days=90 * (len(titles) - 1 - place))),
            description=BODIES[title],
        )
        for place, title in enumerate(titles)
    ]
    return Answer(rss(*reversed(items), title="Harbour Wire"))


@pytest.fixture
async def feeds() -> AsyncIterator[FeedServer]:
    async with feed_server() as server:
        yield server


@pytest.mark.parametrize("platform", [console, telegram, slack], ids=["console", "telegram", "slack"])
async def test_from_start_to_an_explained_alert_that_links_back(
    platform: object, feeds: FeedServer, tmp_path: Path
) -> None:
    base = settings.load(
        {
            "BACKSTORY_DATA_DIR": str(tmp_path / "data"),
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
        },
        folder=tmp_path,
    )
    address = feeds.serve("/feed", document(SHELLS, FISH))
    async with AsyncExitStack() as stack:
        configured, chats, person = await stack.enter_async_context(platform(base))  # type: ignore[operator]
        await stack.enter_async_context(Bot(configured, chats, sample_mode=False))

        await person.write("/start")
        await shows(person, "what is new, and what came before")
        await person.write(f"/feeds add {address}")
        await shows(person, "Harbour Wire", FISH)
        await person.write("/topics add DPRK-Russia arms")
        await shows(person, "@dprk & @russia & @arms", SHELLS, "until you save it")
        await person.press("save")
        await shows(person, "Now watching")
        before = len(person.seen())

        feeds.serve("/feed", document(SHELLS, FISH, PACT))
        await shows(
            person, PACT, "Earlier:", SHELLS, "https://harbour.example/", "Topic: DPRK-Russia arms", since=before
        )

        before = len(person.seen())
        await person.press("why")
        await shows(person, "DPRK-Russia arms", "munitions", since=before)
        before = len(person.seen())
        await person.press("earlier")
        await shows(person, SHELLS, since=before)
        before = len(person.seen())
        await person.press("timeline")
        await shows(person, "2 stories", SHELLS, PACT, since=before)
        async with asyncio.timeout(20):
            while not person.pictures():  # noqa: ASYNC110 - any condition
                await asyncio.sleep(0.02)
        before = len(person.seen())
        await person.write("/status")
        await shows(person, "1 feed", since=before)
        await person.write("/topics remove DPRK-Russia arms")
        await shows(person, "/topics save DPRK-Russia arms", since=before)
