"""No secret leaves the bot: everything that a whole run writes is searched for every one of them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from contextlib import AsyncExitStack, closing
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.doubles.bot_api import ADA, TOKEN, BotApi, Fault
from tests.doubles.slack_api import APP_TOKEN, SIGNING_SECRET, SlackApi, web_api
from tests.pipeline.feed_server import Answer, feed_server

if TYPE_CHECKING:
    from pathlib import Path

FEED_PASSWORD, LLM_KEY = "open-sesame-of-a-feed", "sk-of-the-model-0123456789"
SECRET_KEY = "seals-what-is-kept-0123456789-abcdefgh"  # noqa: S105 - no secret
FEED = "<rss version='2.0'><channel><title>Harbour Wire</title>{}</channel></rss>"
ITEM = "<item><guid>{0}</guid><title>{1}</title><link>https://harbour.example/{0}</link><description>{1}</description></item>"


def feed(*titles: str) -> Answer:
    items = "".join(ITEM.format(number, title) for number, title in enumerate(titles))
    return Answer(FEED.format(items).encode())


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def get(port: int, path: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return f"{answer.status} {dict(answer.headers)} {await answer.text()}"


async def answers(port: int) -> None:
    """Wait until the bot is up."""
    while True:
        try:
            await get(port, "/healthz")
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
        else:
            return


def everything_in(folder: Path) -> dict[str, bytes]:
    """What lies in the data folder, and what the database gives when it is written out as text."""
    found = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with closing(sqlite3.connect(folder / "backstory.db")) as database:
        found["dump"] = "\n".join(database.iterdump()).encode()
    return found


@pytest.mark.timeout(100)
@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
async def test_nothing_that_a_run_writes_holds_a_secret(level: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(BotApi())
        server = stack.enter_context(web_api())
        slack = await stack.enter_async_context(SlackApi(server))
        feeds = await stack.enter_async_context(feed_server())
        url = feeds.serve("/rss", feed("A quiet day in the harbour"))
        bad = feeds.serve("/bad", Answer(b"no feed at all"))
        closed = feeds.serve("/closed", Answer(status=401)).replace("//", f"//reader:{FEED_PASSWORD}@")
        port = free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BACKSTORY_", "SLACK_"))},
            "PYTHONASYNCIODEBUG": "1" if level == "DEBUG" else "",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": telegram.base_url,
            "SLACK_BOT_TOKEN": slack.token,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_BASE_URL": slack.base_url,
            "BACKSTORY_DATA_DIR": str(tmp_path),
            "BACKSTORY_FEEDS": f"{url} {bad} {closed}",
            "BACKSTORY_LLM_URL": bad,
            "BACKSTORY_LLM_MODEL": "any",
            "BACKSTORY_LLM_KEY": LLM_KEY,
            "BACKSTORY_SECRET_KEY": SECRET_KEY,
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
            "BACKSTORY_ENCODER": "off",
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_METRICS_PORT": str(port),
            "BACKSTORY_LOG_LEVEL": level,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=tmp_path,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        stack.callback(lambda: process.kill() if process.returncode is None else None)
        reading = asyncio.create_task(process.communicate())
        await answers(port)
        telegram.open_private(ADA.id)
        await telegram.say("/topics save Arms = munitions")
        await telegram.until(lambda: len(telegram.sent) >= 1)
        # What the SDKs say when a platform fails is where tokens leak from.
        telegram.fault("sendMessage", Fault.DROP_BEFORE, Fault.NOT_JSON_AFTER)
        telegram.fault("getUpdates", Fault.DROP_BEFORE, Fault.NOT_JSON_AFTER)
        feeds.serve("/rss", feed("A quiet day in the harbour", "Harbour ships munitions to its neighbour"))
        await telegram.until(lambda: any("munitions to its" in sent.text for sent in telegram.sent))
        await telegram.say("/status")
        shown = [await get(port, path) for path in ("/status", "/metrics", "/readyz", "/healthz")]
        process.send_signal(signal.SIGTERM)
        out, errors = await reading
        assert process.returncode == 0, errors.decode()[-2000:]
    written = {"stdout": out, "stderr": errors, "http": "\n".join(shown).encode(), **everything_in(tmp_path)}
    assert b"backstory_feeds" in written["http"]
    assert b"Harbour ships munitions" in written["dump"]
    assert level != "DEBUG" or len(errors) > 1000
    secrets = [TOKEN, TOKEN.partition(":")[2], slack.token, APP_TOKEN, SIGNING_SECRET, LLM_KEY, SECRET_KEY]
    for name, content in written.items():
        # What a feed is asked with is part of its address, and kept with it: there, and nowhere else.
        kept = name == "dump" or name.startswith("backstory.db")
        for secret in secrets if kept else [*secrets, FEED_PASSWORD]:
            place = content.find(secret.encode())
            assert place < 0, f"{name}: {content[max(0, place - 200) : place]!r}"
