"""No secret leaves the bot: everything that a whole run writes is searched for every one of them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
import sys
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.doubles.bot_api import ADA, TOKEN, BotApi, Fault, User
from tests.doubles.slack_api import APP_TOKEN, SIGNING_SECRET, SlackApi, web_api
from tests.doubles.slack_teams import CLIENT_ID, CLIENT_SECRET, SlackTeams
from tests.pipeline.feed_server import Answer, feed_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from tests.pipeline.feed_server import FeedServer

FEED_PASSWORD, FEED_KEY, LLM_KEY = "open-sesame-of-a-feed", "feed-key-0123456789", "sk-of-the-model-0123456789"
DATABASE_PASSWORD = "pw-of-a-database-0123456789"  # noqa: S105 - no secret
SECRET_KEY = "seals-what-is-kept-0123456789-abcdefgh"  # noqa: S105 - no secret
NEWS = ("/rss", "/paid")
ASKED = ("/feeds", "/export", "/whynot https://127.0.0.1/article", "/status", "/latest", "/feeds remove 3")
SAID = {
    "http": [b"backstory_feeds"],
    "dump": [b"Harbour ships munitions"],
    "chats": [b"answered 401", b"2 feeds are read with passwords or keys, which are not in the file"],
    "files": [b"/paid"],
    "operator": [b"Feeds: 4", b"answered 401", b"Connection refused"],
}
"""Words without which nothing would have been looked through."""
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


# Whoever asks, from one process: what is on the database's way is asked last.
OPERATOR = """
import os
from bot.cli import run
for command in ("status", "outbox", "doctor"):
    run([command])
os.environ["BACKSTORY_DATABASE_URL"] = os.environ["AWAY"]
run(["status"])
"""


def locked(feeds: FeedServer, path: str, answer: Answer) -> str:
    """The address of a feed that is read with a password and a key."""
    return feeds.serve(path, answer).replace("//", f"//reader:{FEED_PASSWORD}@") + f"?key={FEED_KEY}"


def nameless(guid: str, title: str) -> Answer:
    """A feed that calls itself nothing, and whose entry is at a place within the feed."""
    item = f"<item><guid>{guid}</guid><title>{title}</title><link>#{guid}</link></item>"
    return Answer(f"<rss><channel>{item}</channel></rss>".encode())


@dataclass
class World:
    """The platforms and sites around a bot."""

    telegram: BotApi
    slack: SlackApi
    teams: SlackTeams
    feeds: FeedServer
    port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)

    def settings(self, slack_by: str, folder: Path) -> dict[str, str]:
        """The bot's environment: everything secret is set, as far as it goes with the way to Slack."""
        by_socket = {
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_BASE_URL": self.slack.base_url,
        }
        by_http = {
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_API_BASE_URL": self.teams.base_url,
            "BACKSTORY_HTTP_PORT": str(self.http_port),
        }
        urls = (
            self.feeds.serve("/rss", feed("A quiet day in the harbour")),
            bad := self.feeds.serve("/bad", Answer(b"no feed at all")),
            locked(self.feeds, "/closed", Answer(status=401)),
            locked(self.feeds, "/paid", feed("A dear day in the harbour")),
        )
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BACKSTORY_", "SLACK_"))},
            **(by_socket if slack_by == "socket" else by_http),
            "PYTHONASYNCIODEBUG": "1",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": self.telegram.base_url,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "BACKSTORY_DATA_DIR": str(folder),
            "BACKSTORY_FEEDS": " ".join(urls),
            "BACKSTORY_LLM_URL": bad,
            "BACKSTORY_LLM_MODEL": "any",
            "BACKSTORY_LLM_KEY": LLM_KEY,
            "BACKSTORY_SECRET_KEY": SECRET_KEY,
            "BACKSTORY_POLL_MIN_S": "1",
            "BACKSTORY_POLL_MAX_S": "1",
            "BACKSTORY_ENCODER": "off",
            "BACKSTORY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            "BACKSTORY_METRICS_PORT": str(self.port),
            "BACKSTORY_LOG_LEVEL": "DEBUG",
        }

    async def shows(self, words: str) -> None:
        """Wait until somebody on Telegram was told so."""
        await self.telegram.until(lambda: any(words in sent.text for sent in self.telegram.sent))

    async def live(self) -> None:
        """News come, on topics that are watched, and the platform fails now and then."""
        telegram = self.telegram
        telegram.open_private(ADA.id)
        # What a feed holds when it is first asked is no news; whoever asks again has taken that in.
        await telegram.until(lambda: all(sum(path in each.path for each in self.feeds.requests) > 1 for path in NEWS))
        await telegram.say("/topics save Arms = munitions")
        await telegram.arrived(1)
        # What the SDKs say when a platform fails is where tokens leak from.
        telegram.fault("sendMessage", Fault.DROP_BEFORE, Fault.NOT_JSON_AFTER)
        telegram.fault("getUpdates", Fault.DROP_BEFORE, Fault.NOT_JSON_AFTER)
        self.feeds.serve(NEWS[0], feed("A quiet day in the harbour", "Harbour ships munitions to its neighbour"))
        self.feeds.serve(NEWS[1], nameless("2", "Storm sinks dear munitions off a far northern coast"))
        await self.shows("munitions to its")
        await self.shows("dear munitions")

    async def strangers_ask(self) -> None:
        """People whom nobody knows, one for each question, ask for all that there is to see."""
        strangers = {User(7900 + number, "Eve"): command for number, command in enumerate(ASKED)}
        for stranger, command in strangers.items():
            self.telegram.open_private(stranger.id)
            await self.telegram.say(command, stranger)
        answered = {stranger.id for stranger in strangers}
        await self.telegram.until(lambda: answered <= {sent.chat for sent in self.telegram.sent})
        await self.telegram.until(lambda: bool(self.telegram.uploads))

    async def install(self) -> None:
        """Add the app to a workspace as a browser does, and let somebody there ask."""
        site = f"http://127.0.0.1:{self.http_port}"
        async with aiohttp.ClientSession() as browser:
            async with browser.get(f"{site}/slack/install") as page:
                # It is for https alone, which a test has not: carried by hand.
                cookies = {name: cookie.value for name, cookie in page.cookies.items()}
                state = re.findall(r"state=([^&\"]+)", await page.text())[0]
            back = f"{site}/slack/oauth_redirect?state={state}&code={self.teams.agree(self.slack)}"
            kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
            async with browser.get(back, headers={"Cookie": kept}) as page:
                assert page.status == 200, await page.text()
        for command in ASKED:
            fields = self.slack.command_fields("/backstory", command.removeprefix("/"))
            await self.slack.deliver_command(self.http_port, fields)
        await self.slack.until(lambda: len(self.slack.responses) >= len(ASKED))

    def received(self) -> dict[str, bytes]:
        """What the platforms were sent, but for what they know the bot by."""
        told = [form for _, form, _ in self.telegram.calls], [call.body for call in self.slack.posts()]
        files = [data for _, data in self.telegram.uploads.values()] + [one.data for one in self.slack.files.values()]
        return {"chats": repr((told, self.slack.responses)).encode(), "files": b"".join(files)}


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(BotApi())
        slack = await stack.enter_async_context(SlackApi(stack.enter_context(web_api())))
        slack.team = "T0002"
        teams = await stack.enter_async_context(SlackTeams(slack))
        yield World(telegram, slack, teams, await stack.enter_async_context(feed_server()))


async def started(*arguments: str, environment: Mapping[str, str], folder: Path) -> asyncio.subprocess.Process:
    """A process of the bot's, whose output is kept."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *arguments),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.timeout(100)
@pytest.mark.parametrize("slack_by", ["socket", "http"])
async def test_nothing_that_a_run_writes_holds_a_secret(slack_by: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world())
        environment = world.settings(slack_by, tmp_path)
        process = await started("-m", "bot", "run", environment=environment, folder=tmp_path)
        stack.callback(lambda: process.kill() if process.returncode is None else None)
        reading = asyncio.create_task(process.communicate())
        await answers(world.port)
        await world.live()
        await world.strangers_ask()
        if slack_by == "http":
            await world.install()
        shown = [await get(world.port, path) for path in ("/status", "/metrics", "/readyz", "/healthz")]
        process.send_signal(signal.SIGTERM)
        out, errors = await reading
        assert process.returncode == 0, errors.decode()[-2000:]
        environment["AWAY"] = f"postgresql+psycopg://me:{DATABASE_PASSWORD}@127.0.0.1:{free_port()}/b"
        operator = await started("-c", OPERATOR, environment=environment, folder=tmp_path)
        told_operator = b"".join(await operator.communicate())
        written = {"stdout": out, "stderr": errors, "operator": told_operator, "http": "\n".join(shown).encode()}
        written |= everything_in(tmp_path) | world.received()
    for name, words in SAID.items():
        assert [word for word in words if word not in written[name]] == []
    assert len(errors) > 1000
    secrets = [TOKEN, TOKEN.partition(":")[2], world.slack.token, APP_TOKEN, SIGNING_SECRET, LLM_KEY, SECRET_KEY]
    secrets += [CLIENT_SECRET, DATABASE_PASSWORD, FEED_PASSWORD, FEED_KEY, *world.teams.tokens]
    for name, content in written.items():
        for secret in secrets:
            place = content.find(secret.encode())
            assert place < 0, f"{name}: {content[max(0, place - 200) : place]!r}"
