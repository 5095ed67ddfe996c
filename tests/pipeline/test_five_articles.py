"""The five real articles as a feed: served over HTTP one after the other, polled, told on a console."""

from __future__ import annotations

import html
import os
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from bot import settings
from bot.app import Bot
from bot.chats.console import ConsoleChat
from bot.feeds.archive import read_file
from bot.model import ParsedEntry, Platform
from tests.pipeline.feed_server import Answer, Item, feed_server, rss
from tests.pipeline.test_samples_mode import until
from tests.shared_data import shared

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ORDER = ("ctn_2023-08-30", "pentagon_2023-09-13", "ticker_2024-06-17", "oreanda_2024-06-17", "unn_2024-06-24")


def items() -> list[Item]:
    folder = shared("data", "articles")
    found = []
    for name in ORDER:
        (article,) = read_file(folder / f"{name}.txt")
        assert isinstance(article, ParsedEntry)
        assert article.published_at is not None
        outlet = name.partition("_")[0]
        found.append(
            Item(
                html.escape(article.title),
                f"https://{outlet}.example/{name}",
                guid=name,
                date=article.published_at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
                description=html.escape("".join(f"<p>{html.escape(line)}</p>" for line in article.body.splitlines())),
            )
        )
    return found


async def test_the_five_articles_come_as_three_alerts_with_their_backstory(tmp_path: Path) -> None:
    five = items()
    configured = settings.load(
        {
            "BACKSTORY_DATA_DIR": str(tmp_path / "data"),
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
        },
        folder=tmp_path,
    )
    reading, writing = os.pipe()
    written: list[str] = []
    chat = ConsoleChat(write=written.append, input_fd=reading)

    def shown() -> str:
        return "".join(written)

    with closing(os.fdopen(writing, "w", buffering=1)) as keys:
        async with feed_server() as server:
            url = server.serve("/feed", Answer(rss(five[0], title="Wire")))
            async with Bot(configured, {Platform.CONSOLE: chat}, sample_mode=False):
                keys.write(f"/feeds add {url}\n")
                await until(lambda: "Wire" in shown())
                keys.write("/topics save DPRK-Russia arms = @dprk & @russia & @arms\n")
                await until(lambda: "DPRK-Russia arms" in shown())
                for count, words in ((2, "The DPRK will become complicit"), (3, "‘great concern’"), (5, "condemned")):
                    before = len(shown())
                    server.serve("/feed", Answer(rss(*reversed(five[:count]), title="Wire")))
                    await until(partial(_told_since, shown, before, words))
    told = shown()
    # The first is the baseline, and two of the others tell one event.
    assert told.count("Topic: DPRK-Russia arms") == 3, told
    last = told[told.rindex("The United States, South Korea and Japan condemned") :]
    for earlier in ("13 Sep 2023: The DPRK will become complicit", "30 Aug 2023: White House Warns North Korea"):
        assert earlier in last


def _told_since(shown: Callable[[], str], before: int, words: str) -> bool:
    """Whether an alert with these words was shown after the first ``before`` characters, down to its buttons."""
    text = shown()[before:]
    return words in text and "/why" in text[text.index(words) :]
