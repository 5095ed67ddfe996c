"""Installing, and speaking to an installed workspace, against a Slack that no one here wrote (it needs Node)."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, nullcontext
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.chats.chat import CommandHint, Inbound, Reply
from bot.chats.message import Button, Message, heading, link, paragraph, text_message
from bot.chats.slack import HttpMode, Installing, SlackChat
from bot.model import Address, Platform
from bot.store.sql import open_store
from tests.doubles.slack_api import SIGNING_SECRET
from tests.doubles.slack_emulate import UnavailableError, emulate, free_port, installed
from tests.doubles.slack_teams import CLIENT_ID, CLIENT_SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.port import Store

pytestmark = pytest.mark.xdist_group("emulate")
ALERT = Message(
    (heading(link("Missiles seen", "https://example.org/a")), paragraph("They were <seen> & *counted*")),
    ((Button("Why", "why", "12"),),),
)


async def nothing(_: Inbound) -> tuple[Reply, ...]:
    return ()


class Browser:
    """Somebody's browser: keeps cookies, follows nothing by itself."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._cookies: dict[str, str] = {}

    async def get(self, url: str) -> tuple[int, str]:
        jar = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        async with self._session.get(url, headers=jar, allow_redirects=False) as answer:
            self._cookies |= {name: cookie.value for name, cookie in answer.cookies.items()}
            return answer.status, await answer.text()

    async def send_form(self, url: str, fields: dict[str, str]) -> str:
        async with self._session.post(url, data=fields, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"]


class Stage:
    """The bot, a Slack, and a browser between the two."""

    def __init__(self, slack: str, ours: str, *, chat: SlackChat, store: Store, browser: Browser) -> None:
        self.slack, self.ours = slack, ours
        self.chat, self.store, self.browser = chat, store, browser

    async def agree(self) -> str:
        """Press the button on our page, choose a person on Slack's, press Allow: the address that Slack sends us to."""
        _, page = await self.browser.get(f"{self.ours}/slack/install")
        (button,) = re.findall(r'href="([^"]+)"', page)
        _, question = await self.browser.get(unescape(button))
        form = re.findall(r"<form.*?</form>", question, re.DOTALL)[-1]
        fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
        return await self.browser.send_form(f"{self.slack}/oauth/v2/authorize/callback", fields)


@pytest.fixture
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    ours = f"http://127.0.0.1:{free_port()}"
    try:
        folder = installed(request.config.cache.mkdir("emulate"))
    except UnavailableError as error:
        pytest.skip(str(error))
    async with AsyncExitStack() as stack:
        redirect = f"{ours}/slack/oauth_redirect"
        slack = stack.enter_context(
            emulate(folder, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_url=redirect)
        )
        store = await open_store("sqlite://")
        stack.push_async_callback(store.close)
        installing = Installing(CLIENT_ID, CLIENT_SECRET, lambda: nullcontext(store), public_url=ours)
        http = HttpMode(SIGNING_SECRET, port=urlsplit(ours).port or 0, installing=installing)
        chat = SlackChat(None, http=http, base_url=f"{slack}/api/", timeout_s=5)
        stack.push_async_callback(chat.stop)
        await chat.start(nothing, (CommandHint("topics", "Your topics"),))
        browser = Browser(await stack.enter_async_context(aiohttp.ClientSession()))
        yield Stage(slack, ours, chat=chat, store=store, browser=browser)


async def test_a_workspace_installs_and_is_spoken_to(stage: Stage) -> None:
    back = await stage.agree()
    status, page = await stage.browser.get(back)
    assert (status, "is in" in page) == (200, True), page
    (kept,) = await stage.store.installations()
    assert kept.token.startswith("xoxb-")
    assert "1 installed" in await stage.chat.check()
    session = aiohttp.ClientSession()
    asked = {"Authorization": f"Bearer {kept.token}"}
    async with session, session.post(f"{stage.slack}/api/conversations.list", headers=asked) as answer:
        channels = (await answer.json())["channels"]
    channel = next(one["id"] for one in channels if one["name"] == "general")
    there = Address(Platform.SLACK, f"{kept.team}/{channel}")
    alert = await stage.chat.send(there, ALERT)
    reply = await stage.chat.send(there, text_message("a development"), reply_to=alert)
    await stage.chat.edit(alert, text_message("told again"))
    assert reply.address == Address(Platform.SLACK, there.chat, alert.message_id)
    async with (
        aiohttp.ClientSession() as reading,
        reading.post(
            f"{stage.slack}/api/conversations.replies",
            headers=asked,
            data={"channel": channel, "ts": alert.message_id},
        ) as answer,
    ):
        thread = (await answer.json())["messages"]
    assert [message["text"] for message in thread] == ["told again", "a development"]
    assert thread[0]["blocks"]


@pytest.mark.parametrize("again", [pytest.param(True, id="used twice"), pytest.param(False, id="of another browser")])
async def test_what_slack_sent_back_is_good_once_and_in_one_browser(stage: Stage, *, again: bool) -> None:
    back = await stage.agree()
    if again:
        assert (await stage.browser.get(back))[0] == 200
        status, page = await stage.browser.get(back)
        assert (status, "used already" in page) == (401, True)
        assert len(await stage.store.installations()) == 1
        return
    async with aiohttp.ClientSession() as session:
        status, page = await Browser(session).get(back)
    assert (status, "not yours to finish" in page) == (400, True)
    assert await stage.store.installations() == ()
    assert parse_qs(urlsplit(back).query)["code"]
