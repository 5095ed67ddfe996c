"""Files that people send on Slack: the token goes to Slack alone."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from bot.chats.slack_inbound import SlackFile, files_of
from bot.chats.slack_web import SlackWeb
from bot.errors import CommandError


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        pytest.param(None, "https://evil.example/files-pri/x", id="elsewhere"),
        pytest.param(None, "https://files.slack.com.evil.example/x", id="looks like Slack"),
        pytest.param(None, "http://files.slack.com/x", id="without TLS"),
        pytest.param(None, "not an address at all", id="no address"),
        pytest.param("http://127.0.0.1:1/api/", "http://127.0.0.1:2/x", id="another port of the double's host"),
    ],
)
async def test_the_token_goes_nowhere_else(base_url: str | None, url: str) -> None:
    slack = SlackWeb("xoxb-token-of-a-test", base_url=base_url, timeout_s=2)
    with pytest.raises(CommandError, match="lies elsewhere"):
        await slack.download(SlackFile("feeds.opml", 10, url))
    await slack.close()


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        pytest.param(None, "https://files.slack.com/files-pri/T1-F1/x.opml", id="a file"),
        pytest.param("https://slack-gov.com/api/", "https://files.slack-gov.com/x", id="a government's"),
        pytest.param("http://127.0.0.1:1/api/", "http://127.0.0.1:1/x", id="the double's own"),
    ],
)
async def test_files_of_slack_itself_are_asked_for(
    base_url: str | None, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise aiohttp.ClientConnectionError(url)

    monkeypatch.setattr(aiohttp.ClientSession, "get", refuse)
    slack = SlackWeb("xoxb-token-of-a-test", base_url=base_url, timeout_s=2)
    with pytest.raises(CommandError, match="ClientConnectionError"):
        await slack.download(SlackFile("feeds.opml", 10, url))
    await slack.close()


async def test_a_page_to_sign_in_is_no_file() -> None:
    async def sign_in(_: web.Request) -> web.Response:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")

    site = web.Application()
    site.router.add_get("/file", sign_in)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack = SlackWeb("xoxb-token-of-a-test", base_url=f"{root}/api/", timeout_s=2)
    with pytest.raises(CommandError, match="files:read"):
        await slack.download(SlackFile("feeds.opml", 10, f"{root}/file"))
    await slack.close()
    await runner.cleanup()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(None, id="none"),
        pytest.param("x", id="a word"),
        pytest.param([None, 1, "x"], id="no objects"),
        pytest.param([{"name": "x"}], id="no address"),
        pytest.param([{"url_private": 5}], id="an address that is a number"),
    ],
)
def test_what_is_no_list_of_files_holds_none(files: object) -> None:
    assert files_of({"files": files}) == []
